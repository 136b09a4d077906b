# 界面组件自用词条，键名以 kit- 开头。
kit-skip = 跳到正文
kit-rail = 功能区
kit-more = 更多
kit-search = 编号、名称或条码
kit-theme = 外观：
kit-theme-auto = 自动
kit-theme-light = 浅色
kit-theme-dark = 深色
kit-person-page = 我的页面
kit-sign-in = 登录
kit-sign-out = 退出
kit-crumbs = 来源路径
kit-copied = 已复制引用

kit-tab-overview = 概览
kit-tab-explain = 溯源
kit-tab-trace = 流向
kit-tab-history = 历史
kit-history-reason = 原因：{ $reason }

kit-number-uncertainty = 不确定度
kit-number-changed = 录入后有修改
kit-number-hand-typed = 手工录入

kit-gates-count = 共 { $all } 项，已通过 { $passed } 项
kit-remedy = 通过条件：{ $remedy }
kit-who = 可办理人：{ $who }
kit-refused = 已拒绝：{ $what }
kit-barred = 只有{ $who }可以办理。
kit-pair = { $name }：{ $value }
kit-near = 本栏目
kit-help = 帮助
kit-refused-rule = 依据
kit-refused-remedy = 通过条件
kit-refused-who = 可办理人
kit-refused-records = 相关记录
kit-refused-record = 记录号

kit-explain-copy = 在任一行按 c 键可复制引用。
kit-explain-inputs = 由 { $n } 项得出
kit-explain-raw = 原始文件中的位置
kit-excerpt = { $file } 第 { $line } 行前后
kit-excerpt-line = 第 { $line } 行

kit-table-nothing-found = 没有符合筛选条件的记录。
kit-table-show-all = 显示全部
kit-table-selected = 对所选行：
kit-table-select = 选择
kit-table-select-row = 选择 { $id }
kit-table-sort = 按此列排序
kit-table-filter = 筛选
kit-table-filter-of = 筛选：{ $table }
kit-table-apply = 应用
kit-table-all = 全部
kit-table-columns = 列
kit-pages = { $path } 分页
kit-pages-range = 第 { $first }–{ $last } 条，共 { $total } 条
kit-pages-previous = 上一页
kit-pages-next = 下一页

kit-progress = 已完成 { $done } { $what }
kit-progress-of = 已完成 { $done } / { $total } { $what }
kit-progress-leave = 可以离开本页，处理会继续，完成后生成回执。

kit-mass-wet = 湿重
kit-mass-moisture = 水分
kit-mass-dry = 干重
kit-mass-derived = 计算值
kit-mass-unknown = 未知

kit-form-optional = 选填
kit-form-error = 错误：
kit-form-drop = 将文件拖到此处，或选择文件：
kit-form-dropped = 已选：
kit-form-paste = 可将表格软件中复制的单元格粘贴到第一格。
kit-form-add-line = 增加一行
kit-form-kept = 网络中断。内容已存于本机，恢复后自动提交一次。
kit-form-sending = 正在上传文件

kit-chart-twin = 以表格查看
kit-chart-control = 控制图：{ $what }
kit-chart-control-limits = 控制限
kit-chart-ucl = 上控制限
kit-chart-uwl = 上警戒限
kit-chart-centre = 中心线
kit-chart-lwl = 下警戒限
kit-chart-lcl = 下控制限
kit-chart-point = 点
kit-chart-at = 时间
kit-chart-value = 值
kit-chart-fired = 触发的判异规则
kit-chart-from = 来源
kit-chart-to = 去向
kit-chart-mass = 质量
kit-chart-note = 说明
kit-chart-share = 占比
kit-chart-series = 系列
kit-chart-category = 类别
kit-chart-node = 记录
kit-chart-folded = 另 { $n } 项
kit-chart-folded-open = 其后还有 { $n } 条记录，点击展开
kit-chart-genealogy = 谱系图：左为原矿，右为质量证明书
kit-chart-draws = 图形由脚本绘制；下表内容相同。

kit-gallery = 样例
kit-gallery-lead = 全部页面与组件及其样例。
