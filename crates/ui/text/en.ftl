# The page kit's own words. Keys begin with kit-.
kit-skip = Skip to the content
kit-rail = Areas
kit-more = More
kit-search = Number, name or barcode
kit-theme = Theme:
kit-theme-auto = Auto
kit-theme-light = Light
kit-theme-dark = Dark
kit-person-page = My page
kit-sign-in = Sign in
kit-sign-out = Sign out
kit-crumbs = Where this comes from
kit-copied = Citation copied

kit-tab-overview = Overview
kit-tab-explain = Explain
kit-tab-trace = Trace
kit-tab-history = History
kit-history-reason = Reason: { $reason }

kit-number-uncertainty = uncertainty
kit-number-changed = changed since entry
kit-number-hand-typed = typed by hand

kit-gates-count = { $passed } of { $all } passed
kit-remedy = To pass: { $remedy }
kit-who = Who can do it: { $who }
kit-refused = Refused: { $what }
kit-barred = Only { $who } can do this.
kit-pair = { $name }: { $value }
kit-near = In this part
kit-help = Help
kit-refused-rule = Rule
kit-refused-remedy = To pass
kit-refused-who = Who can do it
kit-refused-records = It is about
kit-refused-record = Recorded as

kit-explain-copy = Press c on a line to copy its citation.
kit-explain-inputs = { $n ->
    [one] from one input
   *[other] from { $n } inputs
 }
kit-explain-raw = in the raw file
kit-excerpt = { $file }, around line { $line }
kit-excerpt-line = line { $line }

kit-table-nothing-found = Nothing matches the filter.
kit-table-show-all = Show all
kit-table-selected = With the selected rows:
kit-table-select = Select
kit-table-select-row = Select { $id }
kit-table-sort = Sort by this column
kit-table-filter = Filter
kit-table-filter-of = Filter: { $table }
kit-table-apply = Apply
kit-table-all = all
kit-table-columns = Columns
kit-pages = Pages of { $path }
kit-pages-range = { $first }–{ $last } of { $total }
kit-pages-previous = Previous
kit-pages-next = Next

kit-progress = { $done } { $what }
kit-progress-of = { $done } of { $total } { $what }
kit-progress-leave = You may leave this page; the work goes on and ends in a receipt.

kit-mass-wet = Wet mass
kit-mass-moisture = Moisture
kit-mass-dry = Dry mass
kit-mass-derived = computed
kit-mass-unknown = not known

kit-form-optional = optional
kit-form-error = Error:
kit-form-drop = Drop files here, or choose them:
kit-form-dropped = Chosen:
kit-form-paste = Cells copied from a spreadsheet can be pasted into the first field.
kit-form-add-line = Add a line
kit-form-kept = No connection. The form is kept on this device and sent once when the connection is back.
kit-form-sending = Sending the files

kit-chart-twin = The same as a table
kit-chart-control = Control chart: { $what }
kit-chart-control-limits = Limits
kit-chart-ucl = UCL
kit-chart-uwl = UWL
kit-chart-centre = centre
kit-chart-lwl = LWL
kit-chart-lcl = LCL
kit-chart-point = Point
kit-chart-at = When
kit-chart-value = Value
kit-chart-fired = Rules fired
kit-chart-from = From
kit-chart-to = To
kit-chart-mass = Mass
kit-chart-note = Note
kit-chart-share = Share
kit-chart-series = Series
kit-chart-category = Category
kit-chart-node = Record
kit-chart-folded = { $n } more
kit-chart-folded-open = { $n } more records behind it; click to open
kit-chart-genealogy = Genealogy, from the ore on the left to the certificate on the right
kit-chart-draws = The chart is drawn by script; the table below says the same.

kit-gallery = Gallery
kit-gallery-lead = Every page and part, from its samples.
