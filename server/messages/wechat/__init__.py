"""WeChat's documented HTTP interface, as far as it is used. Without an app id none of it is called."""
