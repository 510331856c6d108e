"""What qyapi.weixin.qq.com says, by number."""

ERRORS = {
    -1: "system busy",
    40001: "invalid credential",
    40003: "invalid userid",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40050: "chatid is invalid",
    40058: "invalid Request Parameter",
    41001: "access_token missing",
    41047: "invalid group msg id",
    41048: "no customer to send",
    42001: "access_token expired",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "api freq out of limit",
    60020: "not allow to access from your ip, hint: [1732550000123456789], from ip: {ip}, "
    "more info at https://open.work.weixin.qq.com/devtool/query?e=60020",
    60111: "userid not found",
    60011: "no privilege to access/modify contact/party/agent",
    48002: "api forbidden",
    81013: "user & party & tag all invalid",
    81017: "too many members in the app's sight: give owner_filter",
    93000: "invalid webhook url, hint: [1732550000123456789]",
    301002: "not allow operate another agent with this accesstoken",
}
