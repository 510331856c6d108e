"""api.weixin.qq.com, and the server that calls our webhook."""
