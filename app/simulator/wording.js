// Every string of the page, zh and en side by side. {name} marks a value filled in by t().
const TABLE = {
  title: ["试一试 · 售后前台", "Try it · frontdoor"],
  product: ["售后前台", "frontdoor"],
  tagline: ["在这里扮演客户，从第一句话走到最后的评分。", "Play the customer, from the first word to the last rating."],
  skip: ["跳到输入框", "Skip to the message box"],

  lang_switch: ["English", "中文"],
  lang_label: ["Switch to English", "切换到中文"],
  theme_to_dark: ["切换到深色", "Switch to dark"],
  theme_to_light: ["切换到浅色", "Switch to light"],

  service: ["家电售后服务", "Appliance service"],
  you_are: ["您现在是：{name}", "You are: {name}"],
  log_label: ["对话记录", "Conversation"],
  loading: ["正在打开对话…", "Opening the conversation…"],
  empty_title: ["有什么坏了，直接说就行", "Say what is wrong, in your own words"],
  empty_hint: ["点一句试试，也可以自己写：", "Tap one to try it, or write your own (the service speaks Chinese):"],
  examples: ["例句", "Example sentences"],
  examples_close: ["收起例句", "Close example sentences"],
  say_label: ["给客服写消息", "Write to the service"],
  say_placeholder: ["说说哪里坏了…", "Describe the problem…"],
  send: ["发送", "Send"],
  choices_label: ["点一下就能回答", "Answer with one tap"],
  choices_old: ["这些选项已过去", "These choices have passed"],
  chosen: ["已选", "chosen"],
  picture: ["这一步的图示", "Picture of this step"],
  picture_open: ["看大图", "Show the picture in full"],
  typing: ["客服正在输入", "The service is typing"],
  typing_slow: ["已经收到，还在处理，请稍等", "Received; still working on it"],
  sending: ["发送中…", "Sending…"],
  sent: ["已收到", "Received"],
  failed: ["没有发出去", "Not sent"],
  scan_failed: ["扫的码没有发出去。请刷新页面再试，或直接发送海报上的报名码。", "The scanned code was not sent. Load the page again, or write the code that is on the poster."],
  retry: ["重新发送", "Send again"],
  rejected: ["没有被接受：{why}", "Not accepted: {why}"],
  edit: ["改一改再发", "Edit and send"],
  newer: ["有新消息", "New message"],

  status_connecting: ["正在连接…", "Connecting…"],
  status_lost: ["连接断了，正在重连；没发出去的话会留着", "Connection lost, reconnecting; unsent words are kept"],
  nlu_rasa: ["智能识别已就绪", "Language model is ready"],
  nlu_preparing: ["智能识别准备中，先用关键词识别", "Model loading; using keywords"],
  nlu_keywords: ["没有智能识别，正在用关键词识别", "Using keywords (no model)"],
  nlu_unknown: ["已连接", "Connected"],
  nlu_why: ["原因：{why}", "Reason: {why}"],
  nlu_keywords_hint: ["照样可以报修，只是要说得直接一些。", "Repairs can still be filed; plain wording works best."],

  desk: ["演示台", "Demo desk"],
  desk_open: ["打开演示台（换客户、拨时钟、看提醒和工单）", "Open the demo desk (customers, clock, alerts, tickets)"],
  desk_unread: ["有 {n} 条新提醒", "{n} new alerts"],
  close: ["关闭", "Close"],

  phone_open: ["打电话", "Make a call"],
  chat_open: ["回到聊天", "Back to the chat"],
  hotline: ["售后热线", "Service hotline"],
  call_label: ["通话内容", "What is said in the call"],
  call_title: ["不用真电话，也能打热线", "Call the hotline without a telephone"],
  call_hint: ["听到的话会写在这里。用按键、键盘或者说话来回答。", "What you hear is written here. Answer by key, by keyboard or by speaking (Chinese)."],
  caller_label: ["用哪个号码打来", "The number you call from"],
  anonymous: ["隐藏号码", "Withhold the number"],
  from: ["来电号码 {number}", "Calling from {number}"],
  from_hidden: ["隐藏号码来电", "Number withheld"],
  call: ["拨打", "Call"],
  call_again: ["再打一次", "Call again"],
  hangup: ["挂断", "Hang up"],
  keypad: ["拨号键盘", "Keypad"],
  ear: ["按一下再说话", "Press, then speak"],
  loud_on: ["朗读：开", "Reading aloud: on"],
  loud_off: ["朗读：关", "Reading aloud: off"],
  words_label: ["对着电话说", "Speak into the phone"],
  words_placeholder: ["想说什么，写在这里", "Write what you say (Chinese)"],
  words_send: ["说出去", "Say it"],
  line_idle: ["还没有打电话", "No call yet"],
  line_dialling: ["正在拨号…", "Dialling…"],
  line_asking: ["正在接通…", "Connecting…"],
  line_speaking: ["正在播放，可以按键", "Speaking; keys work"],
  line_pausing: ["稍等…", "A pause…"],
  line_gathering: ["请按键或说话", "Press a key or speak"],
  line_recording: ["正在录音，请说话", "Recording: speak"],
  line_ringing: ["正在呼叫 {who}", "Ringing {who}"],
  line_rings: ["来电：{what}", "Calling you: {what}"],
  line_talking: ["正在和人通话", "Talking with a person"],
  line_waiting: ["排队等候中", "Waiting in the queue"],
  line_over: ["通话结束", "Call over"],
  line_trouble: ["电话断了：{why}", "The line broke: {why}"],
  other_pickup: ["接听", "Pick up"],
  other_decline: ["拒接", "Decline"],
  rings_title: ["电话响了", "The telephone rings"],
  rings_survey: ["服务回访", "how the service was"],
  rings_appointment: ["确认上门时间", "the time of the visit"],
  rings_staff_alert: ["值班提醒", "an alert for staff"],
  other_answer: ["对方接听", "Answer"],
  other_busy: ["对方占线", "Busy"],
  other_over: ["对方挂断", "They hang up"],
  other_staff: ["客服接起", "Staff pick up"],
  other_nobody: ["没人接", "No answer"],
  other_stay: ["继续等", "Keep waiting"],
  other_skip: ["听完这句 ›", "Skip to its end ›"],
  other_silent: ["不出声 ›", "Keep silent ›"],
  log_heard: ["听", "heard"],
  log_pressed: ["按", "key"],
  log_said: ["说", "said"],
  log_beep: ["嘀声", "beep"],
  log_dial: ["呼叫", "rings"],
  log_whisper: ["对方听", "they hear"],
  log_queue: ["排队", "queue"],
  log_recorded: ["录音", "recorded"],
  log_error: ["出错", "error"],
  log_over: ["结束", "over"],
  said_beep: ["嘀——", "Beep"],
  said_dial: ["正在呼叫 {to}", "Ringing {to}"],
  said_whisper: ["对方听到：{words}", "They hear: {words}"],
  said_queue: ["进入队列，排第 {place} 位", "In the queue, place {place}"],
  said_recorded: ["录下：{words}", "Recorded: {words}"],
  said_error: ["出错：{why}", "Error: {why}"],
  ended_document: ["服务挂断", "The service hung up"],
  ended_hangup: ["服务挂断", "The service hung up"],
  ended_busy: ["您拒接了来电", "You declined the call"],
  "ended_no-answer": ["没有接听", "Not picked up"],
  ended_caller: ["您挂断了", "You hung up"],
  ended_rejected: ["没有接听", "Not answered"],
  ended_error: ["出错中断", "Cut off by an error"],
  ended_loop: ["长时间没有回应，已挂断", "Nobody answered for long"],
  ended_time: ["超过最长通话时间", "Too long a call"],
  ended_lost: ["连接断了", "Connection lost"],
  calls: ["通话记录", "Call log"],
  calls_hint: ["每一步都是一次签了名的真实请求；点开看返回的 TwiML。", "Each step is a real, signed request; open one for the TwiML that came back."],

  customers: ["扮演哪位客户", "Which customer to play"],
  customer_first: ["王女士", "Ms Wang 王女士"],
  customer_nth: ["新客户 {n}", "New customer {n}"],
  customer_now: ["正在扮演", "now"],
  customer_name: ["新客户怎么称呼（可不填）", "New customer's name (optional)"],
  customer_name_ph: ["称呼，可不填", "Name (optional)"],
  customer_new: ["以新客户开始", "Start as a new customer"],
  customer_started: ["现在您是{name}，对话从头开始", "You are now {name}; a fresh conversation"],

  clock: ["演示时钟", "Demo clock"],
  clock_hint: ["把业务时间往前拨，回访、评分和超时提醒会自己来。", "Move business time on: follow-ups, ratings and deadline alerts come by themselves."],
  clock_hour: ["+1 小时", "+1 hour"],
  clock_day: ["+1 天", "+1 day"],
  clock_next: ["到下一个约定", "To the next promise"],
  clock_busy: ["正在拨时钟…", "Moving the clock…"],
  clock_moved: ["时间走到 {now}", "It is now {now}"],
  clock_nothing: ["这段时间里没有到期的约定。", "Nothing fell due in that time."],
  clock_fired: ["到期 {n} 件", "{n} fell due"],
  clock_more: ["另外还有 {n} 件", "and {n} more"],
  clock_failed: ["时钟没有动：{why}", "The clock did not move: {why}"],
  no_answer: ["服务没有回应，请再试一次", "no answer from the service, please try again"],

  pushes: ["员工收到的提醒", "What staff are told"],
  pushes_empty: ["还没有提醒。说一句“漏电了”，或者把时钟拨到工单超时，这里马上会出现。", "Nothing yet. Say 漏电了 (electric shock) or move the clock past a deadline, and it appears here."],
  push_to: ["发给 {to}", "To {to}"],
  push_new: ["员工收到提醒", "Staff were told"],

  tickets: ["这位客户的报修单", "This customer's tickets"],
  tickets_empty: ["还没有报修单。在聊天里说哪里坏了，答完几个问题就会有单号。", "No ticket yet. Say in the chat what is broken and answer a few questions to get a number."],
  outlet_none: ["还没有分到网点", "No outlet yet"],
  console_open: ["打开员工后台", "Open the staff console"],
  console_login: ["用户名 {user}，密码在启动时的终端里。", "User {user}; the password is in the terminal that started the service."],
  console_hint: ["在后台接单、派单、约时间、完工，客户会在聊天里收到每一步。", "Accept, dispatch, appoint and finish there; the customer hears of each step in the chat."],
};

// A customer's own name is not translated.
export const FIRST_CUSTOMER = "王女士";

// Sentences a visitor may tap. The service listens in Chinese, so `say` is sent whatever the page speaks.
export const EXAMPLES = [
  { say: "我家美的空调不制冷了", en: "My Midea air conditioner does not cool" },
  { say: "我的报修到哪一步了", en: "How far is my repair?" },
  { say: "漏电了", en: "I got an electric shock (urgent)", urgent: true },
  { say: "洗衣机漏水，昨天开始的，电话13800138000", en: "Washer leaks since yesterday, phone 138…" },
  { say: "上门修要多少钱？", en: "What does a visit cost?" },
  { say: "转人工", en: "Talk to a person" },
];

const COLUMN = { zh: 0, en: 1 };
let language = "zh";

export const getLanguage = () => language;

export function setLanguage(wanted) {
  language = wanted in COLUMN ? wanted : "zh";
}

export function t(key, values = {}) {
  const text = TABLE[key][COLUMN[language]];
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// data-t fills the text; data-t-<attribute> fills that attribute.
const ATTRIBUTES = ["aria-label", "placeholder", "title"];

export function applyWording(root = document) {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = t("title");
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const name of ATTRIBUTES) {
    for (const node of root.querySelectorAll(`[data-t-${name}]`)) {
      node.setAttribute(name, t(node.getAttribute(`data-t-${name}`)));
    }
  }
}

// Business time is the service's, not the reader's: always shown on Chinese clocks.
const ZONE = { timeZone: "Asia/Shanghai", hourCycle: "h23" };
const LOCALE = { zh: "zh-CN", en: "en-GB" };

const format = (at, options) =>
  new Intl.DateTimeFormat(LOCALE[language], { ...ZONE, ...options }).format(new Date(at));

export const clockTime = (at) => format(at, { hour: "2-digit", minute: "2-digit" });
export function day(at) {
  const words = [format(at, { month: "long", day: "numeric" }), format(at, { weekday: "short" })];
  return (language === "zh" ? words : words.reverse()).join(" ");
}
export const dayKey = (at) => format(at, { year: "numeric", month: "2-digit", day: "2-digit" });
export const dayAndTime = (at) =>
  format(at, { month: "short", day: "numeric" }) + " " + clockTime(at);
