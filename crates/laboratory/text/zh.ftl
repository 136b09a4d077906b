# 实验室：方法、仪器、导入、结果、质量控制。
command-method-define = 建立方法
    .about = 建立方法；其检测项目和限值以版本发布。
command-method-issue-version = 发布新版
    .about = 发布方法的新版；发布后不再更改。
command-instrument-register = 登记仪器
command-instrument-calibrate = 登记校准
command-calibration-void = 作废校准
    .about = 自某一时刻起作废校准；在其下测得的结果随之存疑。
command-method-version-void = 作废该版本
    .about = 自某一时刻起作废方法的一个版本；依据它的批次和证书随之暂扣或复核。
command-reference-lot-void = 作废标准物质批次
    .about = 自某一时刻起作废标准物质的一个批次；由其控制的检测随之存疑。
command-reference-define = 建立标准物质
command-reference-add-lot = 添加标准物质批次
command-request-register = 登记委托
command-worksheet-open = 建立工作单
command-mapping-add = 添加映射
command-import-begin = 开始导入
    .about = 开始导入已保存的文件。
command-import-record = 记录读数
command-import-ask-date-order = 询问日期顺序
command-import-state-date-order = 说明日期顺序
    .about = 说明文件日期中日与月的先后；随后记录其读数。
command-import-finish = 完成导入
    .about = 完成导入。
command-reading-decide = 处理读数
    .about = 对待处理的读数作出处理。
command-result-enter = 录入结果
    .about = 手工录入结果；会加手工录入标记。
command-result-record-none = 登记无结果
    .about = 登记样品无结果及其原因。
command-result-correct = 更正
    .about = 更正结果：新结果取代原结果，并加更正标记。
command-result-review = 审核
    .about = 审核检测结果。
command-result-release = 批准
    .about = 批准已审核的结果。
command-result-retest = 复检
    .about = 要求复检；原结果仍有效。
command-result-retract = 撤回
    .about = 撤回结果：结果失效，但保留在案。
command-result-invalidate = 宣布无效
    .about = 宣布已批准的结果无效；载有该结果的证书进入复核。
command-follow-up-raise = 跟进超出范围的结果
command-follow-up-close = 不再复测，关闭
command-qc-enter = 录入质控
command-qc-override = 质控放行
    .about = 对质控不合格或未做质控的结果担责放行。
command-run-judge = 评判批次

fact-method-defined = 方法已建立
fact-method-version-issued = 版本已发布
fact-instrument-registered = 仪器已登记
fact-instrument-calibrated = 校准已登记
fact-calibration-voided = 校准已作废
fact-method-version-voided = 方法版本已作废
fact-reference-lot-voided = 标准物质批次已作废
fact-reference-defined = 标准物质已建立
fact-reference-lot-added = 标准物质批次已添加
fact-request-registered = 委托已登记
fact-worksheet-opened = 工作单已建立
fact-mapping-added = 映射已添加
fact-import-begun = 导入已开始
fact-import-chunk-recorded = 读数已记录
fact-import-date-order-asked = 已询问日期顺序
fact-import-date-order-stated = 已说明日期顺序
fact-import-finished = 导入已完成
fact-reading-recorded = 读数已记录
fact-reading-decided = 读数已处理
fact-result-entered = 结果已手工录入
fact-result-none-recorded = 无结果已登记
fact-result-reviewed = 结果已审核
fact-result-released = 结果已批准
fact-result-retest-asked = 已要求复检
fact-result-retracted = 结果已撤回
fact-result-invalidated = 结果已宣布无效
fact-follow-up-raised = 已提出跟进
fact-follow-up-answered = 跟进已有结果
fact-follow-up-closed = 跟进已关闭
fact-qc-entered = 质控已手工录入
fact-qc-overridden = 质控已放行
fact-run-judged = 质控已评判

rail-intake = 数据导入
rail-laboratory = 实验室
list-imports = 导入记录
list-results = 结果
list-results-to-review = 待审核结果
list-results-to-release = 待批准结果
list-follow-ups = 超范围结果的跟进
list-controls = 质量控制
list-methods = 方法
list-instruments = 仪器
list-references = 标准物质
list-requests = 委托
list-worksheets = 工作单
today-readings-to-decide = 待处理读数
today-imports-asking = 需说明日期顺序的文件
today-follow-ups-open = 超范围、待复测的结果
today-results-to-review = 待审核结果
today-results-to-release = 待批准结果
today-results-qc-failure = 质控未通过的结果
today-calibrations-expiring = 30 天内校准到期的仪器

empty-imports = 尚未导入文件
    .hint = 请在数据导入页拖入仪器文件。
empty-results = 尚无结果
    .hint = 请导入仪器文件或手工录入。
empty-results-to-review = 没有待审核的结果
    .hint = 测定的结果将显示在此。
empty-results-to-release = 没有待批准的结果
    .hint = 审核后的结果将显示在此。
empty-follow-ups = 没有需要复测的结果
    .hint = 超出方法范围的结果会自动出现在这里。
empty-controls = 尚无质控
    .hint = 导入文件与工作单中的空白、标准物质和平行样将显示在此。
empty-methods = 尚无方法
    .hint = 先建立方法，再发布第一版。
empty-instruments = 尚无仪器
    .hint = 先登记仪器，再登记校准。
empty-references = 尚无标准物质
    .hint = 先建立标准物质，再添加批次及认定值。
empty-requests = 尚无委托
    .hint = 登记需要检测的样品。
empty-worksheets = 尚无工作单
    .hint = 建立工作单，排列样品与质控。
empty-versions = 尚无版本
    .hint = 第一版实施前，不能按该方法检测。
empty-calibrations = 尚无校准
    .hint = 此时测定的结果将没有校准记录。
empty-reference-lots = 尚无批次
    .hint = 请添加批次及其证书认定值。
empty-charts = 尚无控制图
    .hint = 标准物质首次测定后即有控制图。
empty-chart = 无可绘制的数据点
    .hint = 没有数值型的测定值。

page-intake = 数据导入
page-intake-lead = 拖入仪器文件。文件通读无误后才存储；每个读数都有去向。
page-intake-import = 导入
page-intake-mapping-hint = 留空则自动识别文件格式。
page-intake-asking = { $count } 个文件需说明日月顺序；说明之前不记录任何读数。
page-intake-date-order-hint = 留空时，若日期分不清日与月，文件会先询问。
page-import-date-order-title = 待处理：日期顺序
page-import-date-order = 有 { $rows } 行的日期分不清日与月。说明顺序之前，本文件不记录任何读数，也不采用任何校准或授权；说明后对整个文件有效。
page-import-date-order-why = 依据：仪器电脑的设置、实际测量日期等。
page-import-date-certain = 第 { $place } 行：{ $text } 只能读作：{ $order }。
page-import-dates = 可有两种读法的日期
page-intake-worksheet-hint = 所测的样品架：由它说明每个位置放的是什么，哪些是质控样。
page-intake-method-hint = 留空时采用工作单的方法。
page-import-differences = 与工作单的差异
page-import-position = 位置 { $position }
page-worksheet-print = 打印样品架
page-worksheet-import = 导入其文件
page-import-recording = 正在记录
page-import-notes = 无读数的行
page-import-decide-all = 全部处理
page-import-questions = 可一并处理的疑问
page-import-open = 打开
page-laboratory-lead = 待办事项，以及结果所依据的一切。
page-follow-up-lead = 请稀释样品或换下一量程测量。新结果会自动答复本跟进；在此之前，超范围的结果不得放行。
page-result-hand-typed = 手工录入
page-result-changed = 录入后已更改
page-result-suspect = 存疑
page-result-out-of-range = 超出范围
page-result-below-lod = 低于检出限
page-calibration-late = { $at }，晚于在其有效期内的测量（{ $count }）
page-result-calibration-late = 事后录入，{ $at }
page-result-no-calibration = 测定时无有效校准
page-result-controls = 覆盖本结果的质控
page-result-overrides = 放行记录
page-results-exceptions = 仅异常
page-charts = 控制图
page-charts-lead = 已测定的标准物质与分析项目。
page-chart-lead = 控制限取自此前的数据点，绝不包含被判定的点：均值 ± 2、± 3 倍标准差，标准差由移动极差求得（ISO 7870-2），离群值已剔除；判异规则为 Westgard 规则。
page-chart-established = 控制限由最初 { $points } 个受控点建立，剔除离群值 { $out } 个。
page-chart-not-established = 控制限尚未建立：现有 { $points } 个点，需 { $least } 个受控点。在此之前按规定限判定：标准值 ± 允差。
page-chart-judged-by = 判定限 { $low } 至 { $high }，由其他 { $points } 个点求得
page-instrument-calibrated = 校准有效
page-instrument-not-calibrated = 校准无效
page-instrument-calibrations = 校准记录
page-worksheet-rack = 样品架

field-account = 汇总
field-act = 操作
field-against = 对应结果
field-all-alike = 同类全部适用
    .hint = 同一次导入中，凡样品标识与待定问题相同的读数，均照此处理；有关时间的问题对全部样品相同。
field-begun-at = 开始时间
field-blank-limit = 空白限
field-calibrated-until = 校准有效期至
field-calibration = 校准
field-channel = 谱线或量程
field-chart = 控制图
field-chunk = 分段
field-class = 类别
field-controls = 所需质控
field-date-order = 日期顺序
    .hint = 文件日期中日与月的先后；文件不能判明又未填写时，系统会询问。
field-decision = 处理
field-duplicate-lod-factor = 平行样：检出限倍数
field-duplicate-percent = 平行样：均值的 %
field-exception = 异常
field-file-name = 文件
    .hint = 收到时的文件名。
field-file-sha256 = 文件 SHA-256
    .hint = 所存文件的 SHA-256。
field-found = 测得值
field-import = 导入
field-instead = 代替结果
    .hint = 以何代替。
field-lots = 批次
field-mapping = 映射
    .hint = 读取该文件所用的映射。
field-mapping-version = 映射版本
field-measured = 测得值
field-name-other = 其他名称
field-notes = 备注
field-opened-at = 建立时间
field-answer = 答复结果
field-asked = 已指派的结果
field-entered = 录入方式
field-ended-at = 结束
field-follow-up = 跟进
field-raised-at = 提出
field-order = 日期顺序
field-outcome = 去向
field-place = 行
field-places = 样品架
field-points = 数据点
field-preparation = 前处理
field-producer = 研制单位
field-qc = 质控
field-range-high = 范围上限
field-range-low = 范围下限
field-raw = 原始值
field-reading = 读数
field-readings = 读数
    .hint = 该文件给出的读数个数。
field-reference-percent = 标准物质：与认定值偏差 %
field-reference-required = 需要标准物质
field-released = 已批准
field-releaser-differs = 批准人与审核人不同
    .hint = 批准人是否不得为审核人；不填为否。
field-remarks = 备注
field-recorded-at = 录入时间
field-replaces = 代替
field-replicate = 重复测定
field-reviewer-differs = 审核人与检测人不同
    .hint = 审核人是否不得为检测人；不填为是。
field-run = 批次
field-sample-id = 样品编号
field-serial = 出厂编号
field-standing = 状态
field-suspect = 存疑原因
field-toml = 映射（TOML）
    .hint = 映射文本，格式见 docs/intake.md。
field-uncertainty-absolute = 不确定度（绝对）
field-uncertainty-percent = 不确定度（%）
field-validity = 有效性
field-voided-from = 作废起
field-workflow = 状态
field-what = 内容
    .hint = 批准的对象：闭合差或调整量。
field-worksheet = 工作单
field-zone = 仪器时区
    .hint = 仪器时钟的时区，例如 Asia/Shanghai；不填则为本机构所在时区。
field-method-issue-version-analytes-names = 文件中的其他名称
field-reading-decide-measured-at = 测定时间
    .hint = 文件中的时间有误时，填写正确的测定时间。
field-reading-decide-zone = 仪器时区
    .hint = 导入时所用时区有误时，填写仪器时钟实际所在的时区，例如 Asia/Shanghai。
field-calibration-void-from = 作废起
    .hint = 自何时起不成立；不填则自始不成立。

choice-order-day-first = 日在前
choice-date-order-day-first = 日在前
choice-order-month-first = 月在前
choice-date-order-month-first = 月在前
choice-order-year-first = 年在前
choice-date-order-year-first = 年在前
choice-above-over-range = 超出仪器量程
choice-above-above-range = 超出方法范围
choice-follow-up-open = 待复测
choice-follow-up-answered = 已复测
choice-follow-up-closed = 已关闭
choice-state-asks-date-order = 待处理：日期顺序
choice-state-finished = 已完成
choice-state-recording = 记录中
choice-state-registered = 已登记
choice-state-in-work = 检测中
choice-state-done = 已完成
choice-workflow-assigned = 待测
choice-workflow-measured = 已测定
choice-workflow-reviewed = 已审核
choice-workflow-released = 已批准
choice-workflow-listed-not-received = 列出未收到
choice-workflow-insufficient-sample = 样品不足
choice-workflow-not-analysed = 未检测
choice-workflow-no-result = 无结果
choice-workflow-cancelled = 已取消
choice-instead-listed-not-received = 列出未收到
choice-instead-insufficient-sample = 样品不足
choice-instead-not-analysed = 未检测
choice-instead-no-result = 无结果
choice-instead-cancelled = 已取消
choice-qc-failure = 质控未通过
choice-qc-not-tested = 质控未做
choice-qc-failure-overridden = 质控已放行
choice-qc-warning = 质控警告
choice-qc-pass = 质控通过
choice-qc-not-required = 无需质控
choice-validity-valid = 有效
choice-validity-retracted = 已撤回
choice-validity-invalidated = 已宣布无效
choice-verdict-pass = 合格
choice-verdict-warning = 警告
choice-verdict-failure = 不合格
choice-verdict-undecidable = 无法判定
choice-control-blank = 空白
choice-control-reference = 标准物质
choice-control-duplicate = 平行样
choice-place-sample = 样品
choice-place-blank = 空白
choice-place-reference = 标准物质
choice-place-duplicate = 平行样
choice-kind-sample = 样品
choice-kind-blank = 空白
choice-kind-reference = 标准物质
choice-kind-duplicate = 平行样
choice-class-sample = 样品
choice-class-blank = 空白
choice-class-standard = 标准溶液
choice-class-control = 质控样
choice-class-duplicate = 平行样
choice-class-statistics = 统计行
choice-class-skip = 跳过
choice-class-unknown = 未知
choice-decision-accept = 按文件所述
choice-decision-sample = 指定样品
choice-decision-replicate = 与原结果并存
choice-decision-replace = 代替原结果
choice-decision-blank = 空白
choice-decision-reference = 指定标准物质
choice-decision-duplicate = 平行样
choice-decision-ignore = 忽略
choice-entered-by-hand = 手工录入
choice-row-missing = 文件中没有
choice-row-extra = 不在工作单上
choice-outcome-asks = 待处理
choice-outcome-refused = 拒绝
choice-outcome-result = 结果
choice-outcome-control = 质控
choice-outcome-kept = 留存
choice-outcome-ignored = 已忽略
choice-row-header = 表头
choice-row-attribute = 属性
choice-row-skipped = 跳过
choice-row-refused = 拒绝
choice-row-asks = 疑问
choice-row-warning = 警告

why-time-future = 测定时间晚于文件导入时间：仪器时钟的日期或时区有误
why-before-sampled = 测定时间早于取样时间：样品、日期或时区有误
why-before-received = 测定时间早于样品登记时间：请说明原因，或给出正确时间
why-no-edition = 测定时该方法尚无现行版本
why-not-authorised = 测定时该人员未获该方法授权
why-unknown-sample = 无此编号的样品：请登记或指定样品
why-not-on-worksheet = 不在工作单的任何位置上
why-unknown-class = 无法判断该行类别
why-unknown-reference = 无此编号的标准物质
why-instrument = 文件内容需人工判断
why-repeated = 已有结果；原值与新值
why-no-original = 未找到所对应的结果
why-analyte-not-in-method = 方法不含该项目
why-unit-not-convertible = 单位无法换算
why-basis-not-convertible = 基准无法换算
why-no-number = 不是数值
why-another-channel = 其他谱线或量程
why-another-range = 以其他量程为准
why-ancillary = 仪器不报告
why-calibration-standard = 校准标准溶液
why-missing = 空单元格
why-not-analysed = 未检测
why-not-certified = 该标准物质无此认定值
why-statistics = 其他行的统计

rule-blank-limit = 空白：│x│ ≤ 限值
rule-reference-percent = 标准物质：│x − c│ ≤ c 的 p %
rule-reference-uncertainty = 标准物质：│x − c│ ≤ 2·√(uₓ² + u_c²)
rule-reference-unit = 标准物质：单位无法换算
rule-reference-no-tolerance = 标准物质：未规定允差
rule-reference-chart = 标准物质：超出控制图的控制限
rule-reference-expired = 标准物质：已过期
rule-duplicate-thompson-howarth = 平行样：│a − b│ ≤ f·检出限 + 均值的 d %（Thompson–Howarth）
westgard-1-3s = 1-3s：超出 3 倍标准差
westgard-2-2s = 2-2s：同侧连续两点超出 2 倍
westgard-r-4s = R-4s：相邻两点相差超过 4 倍
westgard-4-1s = 4-1s：同侧连续四点超出 1 倍
westgard-10-x = 10-x：连续十点在同侧

page-intake-waiting = 有 { $count } 个读数待处理。
page-method-in-force = { $edition } 版，自 { $day } 起实施（现行）
page-method-from = { $edition } 版，{ $day } 起实施
page-reference-lot = { $code }，有效期至 { $day }

refusal-method-code-taken = 代码 { $code } 已被其他方法使用。
    .rule = 一个代码对应一个方法。
    .remedy = 请换一个代码。
refusal-method-unknown = 没有方法 { $what }。
    .rule = 检测须依据方法。
    .remedy = 请先建立方法。
refusal-method-edition-taken = { $edition } 版已存在。
    .rule = 每一版只发布一次，不再更改。
    .remedy = 请为新版另取名称。
refusal-method-no-analytes = 该版没有分析项目。
    .rule = 每一版须列出分析项目。
    .remedy = 请添加分析项目、单位与基准。
refusal-method-analyte-twice = { $analyte } 重复。
    .rule = 每个项目只列一次。
    .remedy = 请删除其一。
refusal-method-limits = { $analyte } 的限值相互矛盾。
    .rule = 限值不为负；检出限 ≤ 定量限；范围由低到高。
    .remedy = 请更正限值。
refusal-method-version-earlier = 拟于 { $from } 实施，早于上一版（{ $last }）。
    .rule = 版本依次实施。
    .remedy = 请给出更晚的日期。
refusal-method-version-superseded = { $given } 版已不再实施；现行为 { $current } 版。
    .rule = 新版实施后不得按旧版录入。
    .remedy = 请按现行版检测并录入。
refusal-method-none-in-force = { $code } 没有现行版本。
    .rule = 只能按现行版本检测。
    .remedy = 请发布并实施一个版本。
refusal-instrument-code-taken = 代码 { $code } 已被其他仪器使用。
    .rule = 一个代码对应一台仪器。
    .remedy = 请换一个代码。
refusal-instrument-unknown = 没有仪器 { $what }。
    .rule = 仪器须登记。
    .remedy = 请先登记。
refusal-calibration-unknown = 没有校准 { $what }。
    .rule = 校准须登记。
    .remedy = 请核对编号。
refusal-calibration-window = 有效期为 { $from } 至 { $until }。
    .rule = 校准的终止晚于起始。
    .remedy = 请更正有效期。
refusal-calibration-in-future = { $at } 尚未到来。
    .rule = 校准完成后方可登记，也只能对已过去的时间作废。
    .remedy = 请更正日期，或待校准完成后再登记。
refusal-calibration-voided = { $calibration } 已作废。
    .rule = 校准只作废一次。
    .remedy = 无需再操作。
refusal-calibration-outside-window = { $from } 不在有效期内。
    .rule = 作废起点须在有效期内。
    .remedy = 请给出有效期内的时间。
refusal-reference-code-taken = 代码 { $code } 已被使用。
    .rule = 一个代码对应一种标准物质或批次。
    .remedy = 请换一个代码。
refusal-reference-unknown = 没有标准物质 { $what }。
    .rule = 批次属于标准物质。
    .remedy = 请先建立。
refusal-reference-no-values = 该批次没有认定值。
    .rule = 标准物质批次须有认定值。
    .remedy = 请添加认定值及单位。
refusal-reference-analyte-twice = { $analyte } 重复。
    .rule = 每个项目只列一次。
    .remedy = 请删除其一。
refusal-request-code-taken = 代码 { $code } 已被其他委托使用。
    .rule = 一个代码对应一份委托。
    .remedy = 请换一个代码。
refusal-request-empty = 没有检测要求。
    .rule = 委托须列出样品与方法。
    .remedy = 请添加样品与方法。
refusal-request-no-sample = 没有样品 { $what }。
    .rule = 只检测已登记的样品。
    .remedy = 请先接收或采集样品。
refusal-request-no-method = 没有方法 { $what }。
    .rule = 检测须依据方法。
    .remedy = 请先建立方法。
refusal-worksheet-code-taken = 代码 { $code } 已被其他工作单使用。
    .rule = 一个代码对应一份工作单。
    .remedy = 请换一个代码。
refusal-worksheet-unknown = 没有工作单 { $what }。
    .rule = 批次为一次导入或一份工作单。
    .remedy = 请核对编号。
refusal-worksheet-empty = 样品架为空。
    .rule = 工作单须有位置。
    .remedy = 请添加样品或质控。
refusal-worksheet-place = 位置 { $position } 未指定已有的样品或标准物质。
    .rule = 样品与平行样须指定样品，标准物质须指定批次，空白均不指定。
    .remedy = 请更正该位置。
refusal-worksheet-no-control = 位置 { $position } 没有可评判的质控。
    .rule = 质控只能录入在样品架的质控位置。
    .remedy = 请选择空白、标准物质或平行样的位置。
refusal-import-unknown = 没有导入、读数或文件 { $what }。
    .rule = 读数来自已保存的文件。
    .remedy = 请导入文件。
refusal-import-repeated = 同一文件已导入：{ $import }。
    .rule = 同一文件按同一映射和方法只导入一次。
    .remedy = 请查看先前的导入。
refusal-import-finished = { $import } 已完成。
    .rule = 已完成的导入不再接收读数。
    .remedy = 无需再操作。
refusal-import-out-of-turn = { $import } 应为第 { $next } 段，却收到第 { $chunk } 段。
    .rule = 读数按文件顺序记录。
    .remedy = 请重新导入；将从中断处继续。
refusal-import-unfinished = { $import } 尚有读数未记录。
    .rule = 每个读数都有去向，导入才算完成。
    .remedy = 请重新导入；将从中断处继续。
refusal-import-asks-date-order = { $import } 的日期分不清日与月。
    .rule = 不以猜测的日期记录。
    .remedy = 请说明文件的日期顺序。
refusal-import-no-date-question = { $import } 不需要说明日期顺序。
    .rule = 只有询问的文件才说明日期顺序，且只说明一次。
    .remedy = 请查看该导入。
refusal-import-date-order-fits = { $import } 中没有日期可以读作{ $order ->
    [day_first] 日在前
    [month_first] 月在前
   *[other] 年在前
}。
    .rule = 所说明的顺序须与文件相符。
    .remedy = 请从导入页面列出的顺序中选择。
refusal-import-date-order-contradicts = { $import } 不能读作{ $order ->
    [day_first] 日在前
    [month_first] 月在前
   *[other] 年在前
}：第 { $place } 行的 { $text } 只能读作{ $only ->
    [day_first] 日在前
    [month_first] 月在前
   *[other] 年在前
}。
    .rule = 整个文件只有一种顺序。
    .remedy = 请按日期本身表明的顺序说明，或询问仪器的设置者。
refusal-follow-up-unknown = 没有跟进 { $what }。
    .rule = 跟进由超出范围的结果提出。
    .remedy = 请查看跟进列表。
refusal-follow-up-not-open = { $follow_up } 已结束。
    .rule = 每项跟进只结束一次。
    .remedy = 请查看答复它的结果，或关闭它的理由。
refusal-result-above-range = { $result } 超出范围，待复测（{ $follow_up }）。
    .rule = 跟进未结束时，超出方法范围的结果不得放行。
    .remedy = 请稀释后复测或换下一量程测量；或说明理由关闭跟进。
refusal-import-worksheet-method = 工作单 { $worksheet } 的方法是 { $method }，与所选方法不同。
    .rule = 样品架的文件按其工作单的方法导入。
    .remedy = 请选择该方法，或选择其他工作单。
refusal-import-zone = { $zone } 不是时区。
    .rule = 仪器时间按指定时区读取。
    .remedy = 请写成 Asia/Shanghai 的形式。
refusal-reading-settled = { $what } 无需处理。
    .rule = 读数只处理一次。
    .remedy = 请改为更正、撤回或复检其结果。
refusal-reading-names = 该处理需要指定已有的{ $what ->
    [sample] 样品
   *[other] 标准物质批次
}。
    .rule = 处理须说明读数是什么。
    .remedy = 请指定。
refusal-reading-still-asks = 仍需处理：{ $question ->
    [unknown-sample] 无此编号的样品
    [unknown-class] 无法判断该行类别
    [unknown-reference] 无此编号的标准物质
    [repeated] 已有结果
    [no-original] 未找到所对应的结果
   *[instrument] 文件内容需人工判断
}（{ $what }）。
    .rule = 读数明确后才计入。
    .remedy = 请登记样品，或选择其他处理。
refusal-mapping-unreadable = 映射不可用：{ $why }
    .rule = 映射须按 docs/intake.md 编写。
    .remedy = 请更正映射。
refusal-mapping-taken = 该映射（{ $name }）已添加。
    .rule = 映射只添加一次。
    .remedy = 无需再操作。
refusal-result-unknown = 没有结果 { $what }。
    .rule = 只能处理已有的结果。
    .remedy = 请核对编号。
refusal-result-not-valid = { $result } 已不作数：{ $is ->
    [retracted] 已撤回
   *[other] 已宣布无效
}。
    .rule = 作废的结果不再恢复。
    .remedy = 请重新检测。
refusal-result-state = { $result } 的状态（{ $is ->
    [assigned] 待测
    [measured] 已测定
    [reviewed] 已审核
    [released] 已批准
    [listed_not_received] 列出未收到
    [insufficient_sample] 样品不足
    [not_analysed] 未检测
    [no_result] 无结果
   *[cancelled] 已取消
}）不允许此操作。
    .rule = 先测定，再审核，后批准。
    .remedy = 请先完成前一步。
refusal-result-suspect = { $result } 存疑：{ $why }。
    .rule = 校准失效期间的测定不予采用。
    .remedy = 请复检。
refusal-result-same-person = { $act ->
    [review] 检测人不能审核自己的结果 { $result }。
    [release] 审核人不能批准自己审核的结果 { $result }。
   *[other] 检测人不能为结果 { $result } 的质控放行。
}（{ $person }）
    .rule = 方法要求由不同人员完成。
    .remedy = 须由他人完成。
refusal-result-qc-failure = { $result } 的质控未通过。
    .rule = 质控未通过时，其覆盖的结果不得放行。
    .remedy = 请复检，或由另一名有资格的人员放行。
refusal-result-qc-not-tested = { $result } 所需的质控未做。
    .rule = 未做的质控不等于通过。
    .remedy = 请补做质控，或由另一名有资格的人员放行。
refusal-qc-override-lapsed = { $result } 的放行已于 { $until } 截止。
    .rule = 放行在规定期限内有效。
    .remedy = 请说明理由后重新放行。
refusal-qc-nothing-to-override = { $result } 的质控无需放行（{ $is ->
    [warning] 警告通过
    [pass] 通过
   *[not_required] 无需质控
}）。
    .rule = 只有未通过或未做的质控才需放行。
    .remedy = 请直接批准结果。
refusal-qc-override-recording = { $import } 的读数仍在记录，其质控对 { $result } 的判定尚不可知。
    .rule = 放行只对作出放行时已知的质控负责。
    .remedy = 请待导入完成后再放行。
refusal-qc-override-ended = 截止时间 { $until } 早于现在。
    .rule = 放行须有未来的截止时间。
    .remedy = 请给出更晚的截止时间。
refusal-result-no-sample = 没有样品 { $what }。
    .rule = 结果属于已登记的样品。
    .remedy = 请先接收或采集样品。
refusal-result-not-in-method = { $code } 不检测 { $analyte }。
    .rule = 结果须为方法内的项目。
    .remedy = 请发布含该项目的新版，或改用其他方法。
refusal-result-value = 数值不可用：{ $why }
    .rule = 数值为测得的数或限定词，并带单位。
    .remedy = 请写成 12.30、<0.001、>10 或 ND 的形式。
refusal-result-future = { $at } 尚未到来。
    .rule = 测定时间不能晚于现在。
    .remedy = 请更正时间。
refusal-result-time-order = 时间相互矛盾：{ $later ->
    [measured] 测定
    [reviewed] 审核
    [released] 放行
   *[other] { $later }
}时间为 { $later_at }，而{ $earlier ->
    [produced] 批次生产
    [sampled] 取样
    [received] 收样
    [measured] 测定
   *[other] { $earlier }
}时间为 { $earlier_at }。
    .rule = 取样、收样、测定、审核、放行须依次进行。
    .remedy = 请更正时间（年份、月日或时区），或选择正确的样品。
refusal-result-time-asks = 测定时间 { $later_at } 早于样品登记时间（{ $earlier_at }）。
    .rule = 先收样，后测定；补登记的样品可能在登记之前已测定。
    .remedy = 请更正时间（年份、时区），或说明原因后重新录入。
refusal-result-no-person = 只能由人员完成。
    .rule = 签字须由人员作出。
    .remedy = 请以本人身份登录。

intake-place = { $file }{ $sheet ->
    [none] {""}
   *[other] ，工作表 { $sheet }
}{ $row ->
    [none] {""}
   *[other] ，第 { $row } 行
}{ $column ->
    [none] {""}
   *[other] ，第 { $column } 列
}
intake-token = { $token ->
    [none] {""}
   *[other] （{ $token }）
}
refusal-intake-too-large = { intake-place }：文件过大（{ $problem }）{ intake-token }。
    .rule = 单个文件占用的内存和时间有上限。
    .remedy = 请拆分文件，或减少每次导出的内容。
refusal-intake-encoding = { intake-place }：文字编码有误（{ $problem }）{ intake-token }。
    .rule = 不能完整读取的文件不作部分导入。
    .remedy = 请在映射中指明编码，或重新导出文件。
refusal-intake-malformed = { intake-place }：文件已损坏（{ $problem }）{ intake-token }。
    .rule = 不能完整读取的文件不作部分导入。
    .remedy = 请重新复制或导出文件。
refusal-intake-mismatch = { intake-place }：文件与映射不符（{ $problem }）{ intake-token }。
    .rule = 文件须与映射的说明一致。
    .remedy = 请对照文件与映射，或指定其他映射。
refusal-intake-file-size = { intake-place }：文件有 { $bytes } 字节，超过上限 { $limit }。
    .rule = 单个文件占用的内存和时间有上限。
    .remedy = 请拆分文件，或提高上限。
refusal-intake-empty = { intake-place }：文件是空的。
    .rule = 不能完整读取的文件不作部分导入。
    .remedy = 请重新导出。
refusal-intake-damaged = { intake-place }：工作簿损坏，位置：{ $part }（{ $detail }）{ intake-token }。
    .rule = 不能完整读取的文件不作部分导入。
    .remedy = 请重新复制文件，或在原程序中重新保存。
refusal-intake-inflates = { intake-place }：{ $part } 解压后超过 { $mib } MiB。
    .rule = 单个文件占用的内存和时间有上限。
    .remedy = 这是压缩炸弹或并非仪器导出的文件；请重新从仪器取得文件。
refusal-intake-long-text = { intake-place }：{ $part } 中的一段文本超过 { $mib } MiB。
    .rule = 单个文件占用的内存和时间有上限。
    .remedy = 这是压缩炸弹或并非仪器导出的文件；请重新从仪器取得文件。
refusal-intake-no-workbook = { intake-place }：该压缩包不是工作簿。
    .rule = 不能完整读取的文件不作部分导入。
    .remedy = 请解压后导入其中的文件，或另存为 XLSX。
refusal-intake-sheet-span = { intake-place }：工作表仅有 { $cells } 个单元格，却声称占 { $places } 个位置。
    .rule = 单个文件占用的内存和时间有上限。
    .remedy = 这不是仪器导出的文件；请在原程序中重新保存。
refusal-intake-zero-byte = { intake-place }：有一个零字节{ intake-token }。
    .rule = 不能完整读取的文件不作部分导入。
    .remedy = 这不是文本文件；请重新导出为文本或工作簿。
refusal-intake-zero-byte-wide = { intake-place }：有一个零字节{ intake-token }；可能是不带字节序标记的 UTF-16。
    .rule = 不能完整读取的文件不作部分导入。
    .remedy = 请在映射的 [open] 下写 encoding = "utf-16le"，或将文件导出为 UTF-8。
refusal-intake-odd-end = { intake-place }：文字为 UTF-16，但字节数为奇数（{ $bytes }）。
    .rule = 不能完整读取的文件不作部分导入。
    .remedy = 文件不完整；请重新复制。
refusal-intake-not-encoded = { intake-place }：字节不是 { $encoding } 文字{ intake-token }。
    .rule = 不能完整读取的文件不作部分导入。
    .remedy = 请在映射的 [open] 下指明编码：中文用 gb18030，俄文用 windows-1251，西欧文字用 latin-1；或将文件导出为 UTF-8。
refusal-intake-no-sheet = { intake-place }：没有工作表 { $wanted }；工作簿中有：{ $sheets }。
    .rule = 文件须与映射的说明一致。
    .remedy = 请修改映射 [open] 下的 sheet，或指定其他映射。
refusal-intake-columns = { intake-place }：该行超过 { $limit } 列。
    .rule = 单个文件占用的内存和时间有上限。
    .remedy = 这不是仪器导出的文件；请检查文件和分隔符。
refusal-intake-cells = { intake-place }：文件超过 { $cells } 个单元格或 { $rows } 行。
    .rule = 单个文件占用的内存和时间有上限。
    .remedy = 请拆分文件，或提高上限。
refusal-intake-rows = { intake-place }：文件超过 { $limit } 行。
    .rule = 单个文件占用的内存和时间有上限。
    .remedy = 请拆分文件，或提高上限。
refusal-intake-open-quote = { intake-place }：引号由此开始，但没有结束{ intake-token }。
    .rule = 不能完整读取的文件不作部分导入。
    .remedy = 请修正文件；若引号在其中没有意义，请在映射的 [open] 下写 quote = ""。
refusal-intake-long-cell = { intake-place }：一个单元格超过 { $bytes } 字节。
    .rule = 单个文件占用的内存和时间有上限。
    .remedy = 可能有引号没有结束；请修正文件。
refusal-intake-long-line = { intake-place }：一行超过 { $bytes } 字节。
    .rule = 单个文件占用的内存和时间有上限。
    .remedy = 这不是仪器导出的文件；请重新从仪器取得文件。
refusal-intake-header = { intake-place }：表头与映射不符（{ $problem }）。
    .rule = 文件须与映射的说明一致。
    .remedy = 请对照表头与映射，或指定其他映射。
refusal-intake-date-order = { intake-place }：日期{ intake-token }只能按 { $only } 读取，而为本文件说明的是 { $stated }。
    .rule = 整个文件只有一种日期顺序。
    .remedy = 请说明日期本身表明的顺序。
refusal-intake-unrecognised = 没有映射适合 { $file }。各映射不适合的原因（英文）：{ $reasons }
    .rule = 文件由能识别它的映射读取，或由指定的映射读取。
    .remedy = 请指定映射，或按 docs/intake.md 编写一个。
refusal-intake-ambiguous = 有多个映射适合 { $file }：{ $names }。
    .rule = 不在映射之间猜测。
    .remedy = 请指定其中之一。
refusal-intake-no-mapping = 没有映射 { $name }；现有：{ $known }。
    .rule = 文件由能识别它的映射读取，或由指定的映射读取。
    .remedy = 请指定其中之一，或添加自己的映射。
refusal-intake-no-method = 缺少方法。
    .rule = 文件按其测量方法导入。
    .remedy = 请选择方法。
refusal-intake-no-file = 没有文件。
    .rule = 须有文件才能导入。
    .remedy = 请选择文件。

# What a field is for, where its label does not say it.
field-qc-enter-analyte =
    .hint = 符号、化学式或名称，与方法中的写法一致。
field-result-enter-analyte =
    .hint = 符号、化学式或名称，与方法中的写法一致。
field-result-record-none-analyte =
    .hint = 与方法中的写法一致。
field-result-correct-basis =
    .hint = 不填则用原结果的基准。
field-result-enter-basis =
    .hint = 不填则用方法规定的基准。
field-reference-add-lot-certificate =
    .hint = 标准物质证书编号。
field-instrument-calibrate-certificate =
    .hint = 校准证书编号。
field-method-define-code =
    .hint = 日常所用的编号，例如 GB/T 6730.5、ICP-MN-01。
field-reference-define-code =
    .hint = 例如 GBW07163。
field-instrument-register-code =
    .hint = 日常所用的编号，例如 ICP-2。
field-reference-add-lot-code =
    .hint = 瓶签上的编号，也是仪器文件中的样品标识。
field-method-issue-version-edition =
    .hint = 例如 2026、3.1。
field-method-issue-version-in-force-from =
    .hint = 自哪一天起施行。
field-import-begin-method =
    .hint = 采用该方法的现行版本。
field-worksheet-open-method =
    .hint = 采用该方法的现行版本。
field-mapping-add-name =
    .hint = 映射名称；映射文本中已写明的不填。
field-qc-enter-position =
    .hint = 空白、标准物质或平行样在样品架上的位置。
field-result-enter-position =
    .hint = 在工作单上的位置。
field-result-correct-result =
    .hint = 有误的结果。
field-reading-decide-sample =
    .hint = 所测样品，或平行样对应的样品。
field-qc-enter-unit =
    .hint = 不填则用方法规定的单位。
field-result-correct-unit =
    .hint = 不填则用方法规定的单位。
field-result-enter-unit =
    .hint = 不填则用方法规定的单位。
field-qc-override-until =
    .hint = 在此之前可据此批准。
field-result-correct-value =
    .hint = 正确的数值，例如 12.30、<0.001。
field-qc-enter-value =
    .hint = 测得的数值，例如 1.02、<0.001。
field-result-enter-value =
    .hint = 测得的数值，例如 12.30、<0.001、>10、ND。
field-import-state-date-order-why =
    .hint = 判断依据：仪器电脑的设置、测定当天的日期。
field-qc-override-why =
    .hint = 为何仍然可用。
field-follow-up-close-why =
    .hint = 为何不必重测。
field-result-enter-worksheet =
    .hint = 所属的工作单。
field-import-begin-worksheet =
    .hint = 所测样品架的工作单，其中写明各位置的样品。
page-voided-from = 自 { $from } 起作废
page-voided-always = 自始作废
field-method-version-void-from = 作废起
    .hint = 自何时起所测结果不予采用；不填则自始作废。
field-reference-lot-void-from = 作废起
    .hint = 自何时起其质控不予采用；不填则自始作废。
refusal-method-version-voided = 版本 { $edition } 自 { $from } 起已作废。
    .rule = 不得按已作废的方法版本测定；版本只作废一次。
    .remedy = 请发布新版本。
refusal-reference-lot-voided = 标准物质批次 { $code } 已自 { $from } 起作废。
    .rule = 标准物质批次只作废一次。
    .remedy = 无需再操作。

# 低于方法限值时的报出方式。
field-reporting = 低于限值时的报出
    .hint = below_loq：报“<定量限”；nd_below_lod：低于检出限报未检出；estimated：检出限与定量限之间报估计值并加标记。
choice-reporting-below-loq = 低于定量限报“<定量限”
choice-reporting-nd-below-lod = 低于检出限报 ND，低于定量限报“<定量限”
choice-reporting-estimated = 低于检出限报 ND，至定量限报估计值
page-voided-because = { $void }，原因：{ $why }
