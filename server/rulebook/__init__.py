"""The rulebook 积分细则: items, versions, validation, the lawful-rights guard, replay."""
