"""Points cards 积分卡 of households: issue, PIN, loss, reissue, the printed card."""
