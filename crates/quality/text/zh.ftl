# 质量：规范、暂扣、放行、质量证明书。
answer-no = 否
answer-yes = 是
column-conversion = 换算
column-editions = 版本
column-used = 使用次数
column-verdict = 判定
column-via-lot = 经由批次
column-why = 理由
command-certificate-attach = 绑定 PDF
command-certificate-issue = 签发质量证明书
    .about = 为已放行批次签发质量证明书；编号前先排版并核验证据包。
command-certificate-supersede = 换发（取代）
    .about = 以更正后的证书取代原证书；查验原证书者会被告知新证书。
command-gate-override = 放行检查例外批准
    .about = 附理由和期限，对批次的一项检查作例外批准；再由另一人放行。此后新出现的不合格不在其内。
command-hold-lift = 解除暂扣
    .about = 解除暂扣及其传递到的一切批次；须由暂扣人以外的人解除。
command-hold-spread = 暂扣传递
command-lot-concede = 让步接收
    .about = 经客户同意，对批次的若干项目让步接收；再由另一人向该客户放行。
command-lot-hold = 暂扣批次
command-lot-hold-because = 暂扣批次（系统）
    .about = 暂扣一批；由其制成的一切批次，现有的和以后的，一并暂扣。
command-lot-reject = 判为不合格
    .about = 将一批判为不合格，由其分出的批次同判；此后不得放行，返工另成新批。
command-lot-release = 批次放行
    .about = 按规范的某一版本放行批次；任一检查不通过即拒绝，并给出首要原因。
command-specification-define = 建立规范
    .about = 为物料建立规范；其要求以版本发布。
command-specification-issue-version = 发布规范版本
    .about = 发布规范的新版，面向所有客户或某一客户；发布后不再更改。
comparison-full-value = 全数值比较
comparison-rounded-value = 修约值比较
download-dossier = 下载证据包
download-json = JSON
download-pdf = PDF
empty-certificates = 尚无质量证明书
empty-certificates-hint = 批次放行后即可签发。
empty-dispositions = 尚无处置决定
empty-holds = 无暂扣
empty-overrides = 无例外批准
empty-release = 没有待放行的批次
empty-release-hint = 有规范的物料，其批次在放行或判退之前列于此处。
empty-specifications = 尚无规范
empty-specifications-hint = 先建立规范，再发布首个版本。
field-requires-balance = 要求金属平衡
    .hint = 放行前，金属平衡是否须已定稿并在不确定度内闭合。
gate-balance = 金属平衡已定稿并闭合（规范要求时）
gate-calibration = 仪器在校准有效期内
gate-holds = 本批及其来源批次无暂扣
gate-judgement = 各项判定合格
gate-masses = 质量与水分一致
gate-plausibility = 数据合理
gate-history = 符合该物料的历史水平
gate-qc = 质控合格
gate-range = 结果在方法适用范围内
gate-results = 必检结果已批准发布
gate-signers = 签署人签署时已获授权
gate-specification = 规范版本适用
gate-state-fail = 不通过
gate-state-not-asked = 未要求
gate-state-nothing = 无可核查内容
gate-state-overridden = 例外通过
gate-state-pass = 通过
gate-state-undecidable = 无法判定
list-certificates = 质量证明书
list-dispositions = 批次处置
list-holds = 暂扣
list-overrides = 例外批准
list-release = 待放行批次
list-specifications = 规范
page-certificate-signatures = 签署
page-check = 核验质量证明书
page-check-unknown = 没有验证码为 { $code } 的证书，请与纸面逐字核对。
page-hold-lots = 涉及批次
page-release = 放行
page-release-acts = 处置
page-release-checks = 放行检查
page-release-decisions = 历次处置
page-release-lines = 结果与规范比对
page-release-no-version = 无现行有效的规范版本
page-release-title = { $lot } 放行
rail-quality = 质量
reason-above-upper = 高于上限
reason-bases-differ = 基准不同且水分未知
reason-below-lower = 低于下限
reason-beyond-inside-guard-band = 超限，但在保护带内
reason-inside-guard-band = 合格，但在保护带内
reason-limit-not-known = 结果的界限未知
reason-limit-straddles-bound = 结果可能在限值任一侧
reason-member-missing = 缺少组成项结果
reason-no-result = 无可用结果
reason-not-computed = 无法由组成项计算
reason-not-judgeable = 无法判定
reason-only-reported = 仅报告
reason-rule-invalid = 规则无效
reason-too-large = 数值过大
reason-units-differ = 单位不符
reason-within-limits = 在限值内
remedy-hold-lift = 解除暂扣
remedy-lot-adjust = 更正质量
remedy-lot-concede = 经客户同意让步
remedy-qc-override = 质控例外批准
remedy-result-release = 批准发布结果
remedy-result-retest = 复检
remedy-specification-issue-version = 发布规范版本
state-certificate-current = 有效
state-certificate-rendering = 排版中
state-certificate-superseded = 已被取代
state-decision-concession = 让步接收
state-decision-rejected = 不合格
state-decision-released = 已放行
state-edition-coming = 尚未生效
state-edition-ended = 已失效
state-edition-in-force = 现行有效
state-gate-allows = 检查全部通过
state-gate-refuses = 不可放行
state-hold-lifted = 已解除
state-hold-open = 暂扣中
state-lot-held = 暂扣中
page-release-would-be-refused = 上述检查未全部通过，现在提交将被拒绝，且拒绝记录在案。
page-release-barred = 由他人办理的事项
choice-rounding-gb8170-half-even = GB/T 8170 修约（四舍六入五成双）
choice-rounding-half-up = 四舍五入
choice-rounding-astm-e29 = ASTM E29 修约（五成双）
column-meaning = 签署含义
column-authorised = 授权期限
state-override-ended = 已到期
state-override-valid = 有效
today-holds-open = 未解除的暂扣
today-lots-to-release = 待放行批次
today-overrides-ending = 即将到期的例外批准
verdict-fail = 不合格
verdict-not-judged = 不判定
verdict-pass = 合格
verdict-undecidable = 无法判定
refusal-certificate-already-superseded = { $certificate } 已被取代。
    .rule = 只能取代最新修订。
    .remedy = 请取代最新修订。
refusal-certificate-lot-held = { $lot } 被 { $hold } 暂扣。
    .rule = 暂扣批次不得签发证书。
    .remedy = 请先解除暂扣。
refusal-certificate-lot-not-released = { $lot } 尚未放行。
    .rule = 证书只为已放行批次签发。
    .remedy = 请先放行。
refusal-certificate-no-institute = 尚未设置机构名称与地址。
    .rule = 证书须写明签发机构。
    .remedy = 请设置机构信息。
refusal-certificate-no-person = 证书须由人签署。
    .rule = 证书须有签署人。
    .remedy = 请登录后签发。
refusal-certificate-other-customer = { $lot } 并非为 { $customer } 放行。
    .rule = 客户有专用版本时须按其版本放行。
    .remedy = 请按该客户放行。
refusal-certificate-other-pdf = { $certificate } 已绑定另一份 PDF。
    .rule = 一份证书只有一个 PDF。
    .remedy = 请换发证书。
refusal-certificate-result-gone = { $result } 已不成立。
    .rule = 证书只载有效结果。
    .remedy = 请凭新结果重新放行。
refusal-certificate-lot-not-there = { $lot } 既不在库，也未交付该客户。
    .rule = 证书只针对在库批次，或已交付证书所载客户的批次出具。
    .remedy = 请选择该客户已收或将收的批次。
refusal-certificate-mass = { $field ->
        [packages] 件数为零
        [gross_kg] 毛重 { $value } kg
       *[other] 净重 { $value } kg
    }，与批次不符。
    .rule = 净重至少一克、精确到毫克，且不超过该批曾有的重量{ $most ->
        [none] {""}
       *[other] （{ $most } kg）
    }；毛重不小于净重，且不超过净重的两倍加 100 kg；件数至少为一。
    .remedy = 请更正重量，或留空以打印批次本身的重量。
refusal-concession-item = 该版本没有项目 { $item }。
    .rule = 让步须写明版本中的项目。
    .remedy = 请按版本中的写法填写项目。
refusal-gate-expiry = { $until } 不能作为例外的到期时间。
    .rule = 例外须在一年内到期。
    .remedy = 请另定到期时间。
refusal-gate-not-overridable = 检查项 { $gate } 不可例外批准。
    .rule = 判定可让步、暂扣须解除、结果须批准，各有其途径。
    .remedy = 请走相应途径。
refusal-gate-nothing-to-override = { $lot } 的检查项 { $gate } 目前没有不符合之处。
    .rule = 例外批准只针对已知的不符合，不涵盖日后出现的不符合。
    .remedy = 请先查看本批各检查项；出现不符合后再例外批准。
refusal-hold-already-lifted = { $hold } 已解除。
    .rule = 暂扣只解除一次。
    .remedy = 如有新的疑问，请另行暂扣。
refusal-hold-no-person = 暂扣只能由人解除。
    .rule = 批次处置须有责任人。
    .remedy = 请登录后解除。
refusal-hold-own = 暂扣人不得解除自己设置的 { $hold }。
    .rule = 暂扣须由第二人解除。
    .remedy = 请由另一位质量负责人解除。
refusal-lot-already-released = { $lot } 已按该版本放行。
    .rule = 同一版本只放行一次。
    .remedy = 如客户需要，可按另一版本放行。
refusal-lot-rejected = { $lot } 已判为不合格。
    .rule = 不合格批次不得放行。
    .remedy = 请返工成新批次。
refusal-quality-no-such = 没有 { $what }。
    .rule = 命令所指的记录须存在。
    .remedy = 请核对编号后重试。
refusal-release-balance = { $lot } 没有可依据的金属平衡：{ $what }。
    .rule = 规范要求金属平衡时，本批所属的平衡须已定稿、所依据数据有效，并在规定的不确定度内闭合。
    .remedy = 请将本批关联到所属期间的平衡并定稿，或由另一人批准例外。
refusal-release-calibration = { $what } 测定时仪器不在校准有效期内。
    .rule = 测定时仪器须在校准有效期内。
    .remedy = 请在已校准的仪器上复检。
refusal-release-holds = 存在未解除的暂扣：{ $what }。
    .rule = 本批及其来源批次不得有未解除的暂扣。
    .remedy = 请在原暂扣处解除。
refusal-release-judgement = 并非各项合格：{ $what }。
    .rule = 各项判定须合格，或经客户同意让步接收。除项目规定修约值比较外，均以全数值比较（GB/T 8170 4.3）。
    .remedy = 请判退、返工，或经客户同意让步接收。
refusal-release-masses = 质量与水分不一致：{ $what }。
    .rule = 湿重、水分与干重须在 0.1 % 内一致。
    .remedy = 请通过盘点调整更正。
refusal-release-no-person = 批次处置须由人决定。
    .rule = 处置须有责任人。
    .remedy = 请登录后处置。
refusal-release-history = 该物料已放行批次从未出现过：{ $what }。
    .rule = 结果报出前须经审查（ISO/IEC 17025:2017 7.7.1 i）：与历次放行批次相差悬殊的数值应复测，或由知情者担责。
    .remedy = 请复测，或由了解原因的第二人对该项检查作例外处理。
refusal-release-plausibility = 与化学计量或所在组合样的结果相矛盾：{ $what }。
    .rule = 含量不得超过纯物质的理论值；组合样不符合要求时，其中必有批次不符合。
    .remedy = 请复检，并检查单位与稀释倍数；或由查明问题批次的第二人对该项检查作例外处理。
refusal-release-qc = { $what } 的质控不成立。
    .rule = 质控须合格或经第二人例外批准；未做质控不等于合格。
    .remedy = 请重做质控或办理例外批准。
refusal-release-range = { $what } 超出方法适用范围。
    .rule = 结果须在方法适用范围内。
    .remedy = 请用适用的方法复检。
refusal-release-results = { $lot } 缺少已批准发布的结果：{ $what }。
    .rule = 必检结果须全部批准发布，且无未完成的检测。
    .remedy = 请完成检测、审核与批准。
refusal-release-same-person = 批准 { $what } 的人不得据此放行。
    .rule = 例外须由两人分别负责。
    .remedy = 请由另一位质量负责人放行。
refusal-release-signers = 签署人未获授权：{ $what }。
    .rule = 取样、检测、复核、批准人员在操作时须持有有效授权。
    .remedy = 请由获授权人员复检；涉及取样人的，请重新取样或由另一人批准例外。
refusal-release-specification = { $lot } 没有适用的现行规范版本：{ $what }。
    .rule = 批次按现行版本判定，客户有专用版本时按其专用版本。
    .remedy = 请发布相应版本或选用正确版本。
refusal-specification-code-taken = 代号 { $code } 已被其他规范使用。
    .rule = 一个代号只对应一份规范。
    .remedy = 请另取代号，或为已有规范发布新版本。
refusal-specification-edition-taken = 版本 { $edition } 已存在。
    .rule = 已发布的版本不得更改。
    .remedy = 请为新版本另取版本号。
refusal-specification-interval = 失效时间早于生效时间。
    .rule = 版本应先生效后失效。
    .remedy = 请更正时间。
refusal-specification-item = { $analyte }：{ $problem ->
        [bounds] { $detail } 不构成限制，含量只能在 0～100 % 之间
        [guard] { $detail } 不是有效的保护带
        [no-room] 保护带 { $detail } 使上下限之间没有余地
        [limitless] 没有限值时，{ $detail ->
            [exclusive] “不含限值”
            [guard_band] 保护带
           *[other] 比较方法
        }不起作用
        [places] 小数位数 { $detail } 过多
        [no-worst] 没有限值时无所谓最差
        [treatment] { $detail } 不是有效的处理方式
        [untreated] 不求和、不求比、不取平均时，处理方式不起作用
        [definition] { $detail } 不是已存的加和定义
        [no-sum] { $detail } 是单一物质，不是加和
        [other-sum] 名称 { $detail } 与所列成员之和不符
        [twice] { $detail } 会被重复计入
        [nested] { $detail } 本身就是加和或比值
        [to-itself] 不能是自身与自身之比
        [unit] 不能以 { $detail } 表示
        [method-twice] { $detail } 重复列出
       *[other] { $why }
    }。
    .rule = 每个项目须能以唯一方式判定，所写各栏均须起作用。
    .remedy = 请更正该项目，或删去不起作用的内容。
refusal-specification-item-twice = { $analyte } 重复出现。
    .rule = 每个项目只占一行。
    .remedy = 请合并重复行。
refusal-specification-no-items = 没有项目的版本不构成要求。
    .rule = 规范版本须写明要求。
    .remedy = 请至少增加一个项目。

# How certificates stand.
command-certificate-confirm = 确认有效
    .about = 确认复核中的证书：经查，依据失效期间所做的工作仍可靠；须由签署人以外的人确认。
command-certificate-withdraw = 撤回证书
    .about = 撤回证书：查验者会被告知不得使用；此后仍可由更正后的证书取代。
ground-authorisation = 授权被追溯撤销，早于该操作
ground-balance = 金属平衡已失效
ground-calibration = 校准已作废，且早于测定时间
ground-contains = 本批所含物料已判为不合格
ground-control = 质量控制事后判为失控
ground-hold = 本批已暂扣
ground-method = 方法版本已作废，且早于测定时间
ground-outdated = 按现有数据本批不符合规范
ground-reference = 标准物质批次已作废，且早于使用时间
ground-rejected = 本批已判为不合格
ground-result = 结果已作废、撤回或更正
field-as-of = 状态截至
field-certificate-standing = 证书状态
page-check-current = 截至 { $as_of }，本证书有效。
page-check-no-leave = 截至 { $as_of }，本证书有效，但不准予使用本批：请以证书所载结论为准。
page-check-superseded = 已被 { $by } 取代：{ $reason }
page-check-under-review = 复核中（截至 { $as_of }）：{ $reason }。签发方作出结论之前请勿据此使用，届时请再次查询。
page-check-withdrawn = 已撤回：{ $reason }。不得使用。
page-certificate-confirmed = { $by } 于 { $at } 确认有效：{ $reason }
page-certificate-under-review = 复核中：本证书的依据已有失效，对外查询即显示此状态。须由第二人确认有效，或撤回，或以新版取代。
page-certificate-unprintable = 本证书已签发但无法打印：字库缺字 { $what }。请改用可打印的文字签发新版，或将含该字符的字体放入数据目录的 fonts 文件夹后重新启动。
page-certificate-withdrawn = 已于 { $at } 撤回：{ $reason }
state-certificate-under-review = 复核中
state-certificate-withdrawn = 已撤回
today-certificates-under-review = 复核中的证书
refusal-certificate-told-otherwise = { $lot } 的现有结果与放行时所依据的不同：{ $what }。
    .rule = 证书载明所作的决定，不得印出与后来结果相矛盾的数值。
    .remedy = 请依据现有结果重新放行；已分出的部分须单独取样并放行。
refusal-certificate-ground-gone = { $record } 已失效，而 { $act } 以其为依据。
    .rule = 证书须以有效的依据签发。
    .remedy = 请重新测定或签署并重新放行本批。
refusal-certificate-unprintable = { $field } 中的字符 { $character }（{ $code }）字库中没有，共有 { $number } 处此类字符。
    .rule = 证书的每个字符都必须能够打印。
    .remedy = 请改用其他写法，或将含该字符的字体放入数据目录的 fonts 文件夹后重新启动。
refusal-certificate-not-typeset = 无法排版：{ $why }
    .rule = 证书须先排版，后签发。
    .remedy = 请改写其中所指的文字。
refusal-certificate-dossier-wrong = 其证据包无法通过核验：{ $why }
    .rule = 证据包通过本系统核验后方可签发证书。
    .remedy = 请先改正所指之处，再行签发。
refusal-certificate-already-withdrawn = { $certificate } 已撤回。
    .rule = 一份证书只撤回一次。
    .remedy = 如有正确的内容，请签发新版取代。
refusal-certificate-not-under-review = { $certificate } 有效，无需确认。
    .rule = 有复核方可结束复核。
    .remedy = 无需处理。
refusal-certificate-ground-not-sound = { $record } 已失效，无法以核查结论补救。
    .rule = 作废的结果不可恢复；暂扣或不合格的批次须另行处置。
    .remedy = 请解除暂扣，或撤回、取代本证书。
refusal-certificate-own = 签署 { $certificate } 的人不得自行结束复核。
    .rule = 存疑的证书须由第二人核查。
    .remedy = 请另一位质量负责人处理。

# What a field is for, where its label does not say it.
field-certificate-supersede-certificate =
    .hint = 将被替代的证书。
field-specification-issue-version-edition =
    .hint = 版次名称，例如 2023、BH-3。
field-specification-issue-version-in-force-from =
    .hint = 自何时起施行。
field-specification-define-material =
    .hint = 适用的物料。
field-specification-issue-version-party =
    .hint = 该版本专属的客户；不填则适用于所有客户。
field-hold-lift-reason =
    .hint = 解除的理由：查明了什么。
field-gate-override-reason =
    .hint = 为何仍可放行。
field-gate-override-valid-until =
    .hint = 有效期限，最长一年。

# 各出口的放行关、例外、不合格的继承、追溯召回。
command-lot-allow = 例外放行
    .about = 附理由和期限，准许批次例外通过；再由另一人移动。此后出现的新问题仍会阻止其通过。
command-exception-count = 例外计数
command-release-outdate = 放行失效
command-rejection-spread = 不合格判定随批传递
gate-rejected = 不含不合格物料
gate-ship = 例外发货
gate-consign = 例外交付
gate-blend = 例外混批
gate-product = 例外投料
field-door = 去向
choice-door-ship = 发往客户或退回供应商
choice-door-consign = 交承运方、来料加工方或实验室
choice-door-certificate = 出具证书
choice-door-product = 投入制成产品的工序
choice-door-process = 投入仅产生废料的工序
choice-door-blend = 投入混批
choice-door-composite = 并入组合样
choice-door-split = 分批
choice-door-rework = 返工
field-lot-allow-lot =
    .hint = 拟例外放行的批次。
field-lot-allow-door =
    .hint = 去向：发货、交付、混批或投料。
field-lot-allow-party =
    .hint = 离厂时填写接收方。
field-lot-allow-mass-kg-wet =
    .hint = 所涉湿重（kg）；不填则为全部现存量。
field-lot-allow-reason =
    .hint = 为何仍可通过。
field-lot-allow-valid-until =
    .hint = 截止时间，最长一年。
field-of-at-most = 至多
column-received = 收到
column-left = 库存
column-share-of-it = 所含份额
column-of-it-wet = 其中该批（湿）
column-of-it-dry = 其中该批（干）
page-recall-told = 须告知的单位
page-recall-left = 库存余量
empty-recall-told = 无人收到该物料
empty-recall-left = 已无库存
page-release-exceptions = 例外
page-release-allow = 例外放行
state-lot-allowed = 可例外通过
state-lot-released-with = 随母批放行
remedy-gate-override = 由他人担责
remedy-lot-release = 放行该批
refusal-release-rejected = { $lot } 含有不合格物料：{ $what }。
    .rule = 批次不得含不合格物料，除非由第二人担责；只有返工才产生新批次。
    .remedy = 请返工，或由第二人附理由对该项检查作例外处理。
refusal-gate-rejected = { $lot } { $door ->
        [ship] 不得发货
        [consign] 不得交付
        [certificate] 不得出具证书
        [blend] 不得混批
       *[product] 不得投入制成产品的工序
    }：已由 { $on } 判为不合格（{ $what }）。
    .rule = 不合格批次及由其分出的一切批次不得使用或交付；可退回供应商、交来料加工方处理或返工。
    .remedy = 请返工，或由第二人附理由和期限作例外放行。
refusal-gate-held = { $lot } { $door ->
        [ship] 不得发货
        [consign] 不得交付
        [certificate] 不得出具证书
        [blend] 不得混批
       *[product] 不得投入制成产品的工序
    }：已暂扣（{ $what }）。
    .rule = 存疑物料在疑问解决之前不得使用或交付；可退回供应商或送实验室。
    .remedy = 请解除暂扣，或由第二人附理由和期限作例外放行。
refusal-gate-contains-rejected = { $lot } { $door ->
        [certificate] 不得出具证书
       *[ship] 不得发货
    }：含有无人担责的不合格物料（{ $what }）。
    .rule = 批次所含的不合格物料须由第二人担责后方可离厂。
    .remedy = 请由第二人对“不合格物料”一项作例外处理后放行该批，或返工，或作例外放行。
refusal-gate-withdrawn = { $lot } 不得发货：其放行依据已失效（{ $what }）。
    .rule = 放行仅在其全部依据有效时成立：发货时重新核对各检查项，例外批准到期即止。
    .remedy = 请先纠正不符合之处，依据现有结果重新放行，或由第二人作例外放行。
refusal-gate-not-released = { $lot } 不得发货：尚未放行，而其物料或所用物料须按规范放行（{ $what }）。
    .rule = 批次放行后方可发往客户；可退回供应商、交来料加工方或送实验室。
    .remedy = 请放行该批，或由第二人附理由和期限作例外放行。
refusal-gate-other-customer = { $lot } 不得发往该客户：其放行 { $what } 针对其他客户，或所依版本已非该客户的现行版本。
    .rule = 批次须针对接收客户放行，该客户另有版本的以其为准；让步接收仅限一家客户。
    .remedy = 请针对该客户放行，或由第二人作例外放行。
refusal-gate-own-exception = { $exception } 系由当前使用者本人批准。
    .rule = 例外须两人：一人担责，另一人移动批次。
    .remedy = 请由他人移动该批，或由他人批准例外。
refusal-gate-exception-spent = { $exception } 尚余 { $left } kg，现需 { $asked } kg。
    .rule = 例外以所载质量为限。
    .remedy = 请减少数量，或另行批准例外。
refusal-gate-nothing-to-rework = { $lot } 既未判为不合格，也未暂扣。
    .rule = 只有不合格、暂扣或含不合格物料的批次才返工，其余按加工处理。
    .remedy = 请按加工处理，或先判为不合格。
refusal-gate-no-exception = { $lot } 由此通过（{ $door }）无须例外。
    .rule = 例外针对确有阻碍、且可例外打开的去向。
    .remedy = 请直接移动该批，或填写受阻的去向。
refusal-gate-no-party = 离厂的例外须写明接收方。
    .rule = 对交付担责者须知接收方。
    .remedy = 请填写往来单位。
# 多个样品、多次结果及其报出方式。
field-samples = 多个样品
    .hint = 同一批有多个样品时如何取值；不填时有限值的取最差值，无限值的逐样报出。
field-repeats = 同一样品多次结果
    .hint = 平行样与复检结果如何取值；不填时有限值的取最差值。
field-reporting-limit = 报告限
sample-rule-mean = { $n } 个样品的平均值
sample-rule-worst = { $n } 个样品中的最差值
sample-rule-each = { $n } 个样品逐样
sample-rule-by-increment = { $n } 个样品按质量加权平均
sample-rule-repeats = 多次结果中的最差值
choice-samples-mean = 平均值
choice-samples-worst = 最差值
choice-samples-each = 逐样报出
choice-samples-by-increment = 按份样质量加权平均
choice-repeats-mean = 平均值
choice-repeats-worst = 最差值
choice-unsaid = 未规定
column-of-samples = 各样品
reason-moisture = 样品水分不可能、互相矛盾或无法据以判定
reason-part-of-element = 所测仅为该元素的一部分，或与其一部分并列
reason-mass-missing = 样品质量不全或基准不一
mark-estimated = 估计值
next-look-at-hold = 查看暂扣
field-specification-issue-version-items-places = 修约位数
page-release-stopped = 出厂受阻原因
gate-standing-rejected = 已判为不合格
gate-standing-held = 已暂扣
gate-standing-contains-rejected = 含不合格物料
gate-standing-withdrawn = 放行已不成立
gate-standing-not-released = 尚未放行
gate-standing-other-customer = 放行针对其他客户，或所依版本已非该客户的现行版本
gate-standing-released = 已放行
gate-standing-clear = 无须放行
page-release-otherwise = 现有结果与放行时所依据的不同（{ $items }）：出具证书前须重新放行。
