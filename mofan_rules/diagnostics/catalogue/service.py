"""Codes of what can be wrong with requests to the service, and with its start."""

from mofan_rules.diagnostics.catalogue.entry import Code, error

SERVICE_CODES: dict[str, Code] = {
    "malformed-body": error(("正文不是 JSON", "not JSON"), ("请求正文不是 JSON：{problem}", "the body of the request is not JSON: {problem}")),
    "wrong-content-type": error(
        ("正文的类型不对", "wrong content type"),
        ("请求正文应标明为 JSON", "the body of the request must be declared as JSON"),
        ("请加请求头 Content-Type: application/json", "add the header Content-Type: application/json"),
    ),
    "missing-field": error(("缺少字段", "missing field"), ("请求缺少 {at}", "the request lacks {at}")),
    "unknown-field": error(("没有这个字段", "unknown field"), ("请求里的 {at} 不是这里的字段", "{at} is no field of this request")),
    "wrong-field": error(("字段的值不对", "wrong value"), ("{at} 的值不对：应是{wanted}", "the value of {at} is wrong: it should be {wanted}")),
    "facts-given-twice": error(
        ("数据给了两次", "facts given twice"),
        ("facts 和 facts_from 只能给一个", "give either `facts` or `facts_from`, not both"),
    ),
    "not-authorized": error(
        ("没有令牌", "not authorized"),
        ("请求没有带正确的令牌", "the request does not bear the right token"),
        ("请加请求头 Authorization: Bearer 令牌", "add the header Authorization: Bearer TOKEN"),
    ),
    "wrong-host": error(
        ("主机名不对", "wrong host"),
        ("没有令牌时，只答复发给本机地址的请求，而不是“{host}”", "without a token only requests to a loopback address are answered, not to `{host}`"),
    ),
    "no-such-page": error(("没有这个地址", "unknown address"), ("没有 {path} 这个地址", "there is nothing at {path}")),
    "wrong-method": error(("方法不对", "wrong method"), ("{path} 不接受 {method}", "{path} does not take {method}")),
    "body-too-large": error(("正文过大", "body too large"), ("请求正文超过 {most} 字节", "the body of the request has more than {most} bytes")),
    "too-slow": error(
        ("正文来得太慢", "body too slow"), ("请求正文 {seconds} 秒内没有传完", "the body of the request did not arrive within {seconds} seconds")
    ),
    "took-too-long": error(
        ("超过时限", "took too long"),
        ("{seconds} 秒内没有答复，已放弃", "there was no answer within {seconds} seconds, and it was given up"),
        ("记录的数据可能已经生效：请用同样的编号再记一次", "what was to be recorded may have been: record it again with the same id"),
    ),
    "too-busy": error(("太忙", "too busy"), ("正在处理的请求太多，请稍后再试", "too many requests are being answered, try again later")),
    "no-such-ruleset": error(("没有这个规则集", "unknown ruleset"), ("没有叫“{name}”的规则集", "there is no ruleset `{name}`")),
    "no-such-facts": error(("没有这份数据", "unknown facts"), ("没有叫“{name}”的数据", "there are no facts `{name}`")),
    "no-such-session": error(("没有这个会话", "unknown session"), ("没有叫“{name}”的会话", "there is no session `{name}`")),
    "other-session": error(
        ("已有同名的会话", "another session"),
        ("已有叫“{name}”的会话，设定与此不同", "there is a session `{name}` already, which is about something else"),
    ),
    "too-many-sessions": error(("会话太多", "too many sessions"), ("最多同时打开 {most} 个会话", "at most {most} sessions can be open at a time")),
    "defect": error(("内部出错", "internal error"), ("程序内部出错，不是请求有误", "an internal error, not a fault of the request")),
    "token-needed": error(
        ("需要令牌", "a token is needed"),
        ("{host} 不是本机地址，要有令牌才能监听", "{host} is no loopback address, and nobody may listen there without a token"),
        ("请设置环境变量 {variable}", "set the environment variable {variable}"),
    ),
    "cannot-listen": error(("不能监听", "cannot listen"), ("不能在 {address} 监听：{reason}", "cannot listen at {address}: {reason}")),
    "no-such-folder": error(("没有这个文件夹", "no such folder"), ("没有文件夹“{path}”", "there is no folder `{path}`")),
}
