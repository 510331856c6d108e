"""What a user does is worth so many customer-service messages, for so long: the rule of 2023-06-12.

https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage
"""

HOUR = 3600
MESSAGE = {"kind": "message", "left": 5, "seconds": 48 * HOUR}
TOUCH = {"kind": "touch", "left": 3, "seconds": 60}  # a click of the menu, a scan, following
