# The laboratory: methods, instruments, imports, results, quality control.
command-method-define = Define a method
    .about = Define a method. What it measures, with its limits, is issued as editions.
command-method-issue-version = Issue an edition
    .about = Issue an edition of a method. It never changes afterwards.
command-instrument-register = Register an instrument
command-instrument-calibrate = Record a calibration
command-calibration-void = Void the calibration
    .about = Void a calibration from an instant on. Results measured under it fall into doubt.
command-method-version-void = Void the edition
    .about = Void an edition of a method from an instant on. What rests on it is held or comes under review.
command-reference-lot-void = Void the reference material lot
    .about = Void a reference material lot from an instant on. Runs it controlled fall into doubt.
command-reference-define = Define a reference material
command-reference-add-lot = Add a reference lot
command-request-register = Register a request
command-worksheet-open = Open a worksheet
command-mapping-add = Add a mapping
command-import-begin = Begin an import
    .about = Begin the import of a kept file.
command-import-record = Record readings
command-import-finish = Finish an import
    .about = Finish an import.
command-import-ask-date-order = Ask for the date order
command-import-state-date-order = State the date order
    .about = State in which order the dates of a file name day and month; its readings are then recorded.
command-reading-decide = Decide on readings
    .about = Decide what readings that wait are.
command-result-enter = Enter a result
    .about = Enter a result by hand; it is marked as typed.
command-result-record-none = Record that there is no result
    .about = Record that a sample has no result, and why.
command-result-correct = Correct
    .about = Correct a result: the new one replaces it and is marked as changed.
command-result-review = Review
    .about = Review measured results.
command-result-release = Release
    .about = Release reviewed results.
command-result-retest = Ask for a retest
    .about = Ask for a retest; the first result stays valid.
command-result-retract = Retract
    .about = Retract a result: it becomes void and is kept.
command-result-invalidate = Invalidate
    .about = Invalidate a released result; certificates that carry it come under review.
command-follow-up-raise = Follow up what lies above range
command-follow-up-close = Close without measuring again
command-qc-enter = Enter a control
command-qc-override = Override quality control
    .about = Answer for a result whose quality control failed or was not run.
command-run-judge = Judge a run

fact-method-defined = Method defined
fact-method-version-issued = Edition issued
fact-instrument-registered = Instrument registered
fact-instrument-calibrated = Calibration recorded
fact-calibration-voided = Calibration voided
fact-method-version-voided = Edition voided
fact-reference-lot-voided = Reference lot voided
fact-reference-defined = Reference material defined
fact-reference-lot-added = Reference lot added
fact-request-registered = Request registered
fact-worksheet-opened = Worksheet opened
fact-mapping-added = Mapping added
fact-import-begun = Import begun
fact-import-chunk-recorded = Readings recorded
fact-import-finished = Import finished
fact-import-date-order-asked = Date order asked for
fact-import-date-order-stated = Date order stated
fact-reading-recorded = Reading recorded
fact-reading-decided = Reading decided
fact-result-entered = Result entered by hand
fact-result-none-recorded = No result recorded
fact-result-reviewed = Result reviewed
fact-result-released = Result released
fact-result-retest-asked = Retest asked for
fact-result-retracted = Result retracted
fact-result-invalidated = Result invalidated
fact-follow-up-raised = Follow-up raised
fact-follow-up-answered = Follow-up answered
fact-follow-up-closed = Follow-up closed
fact-qc-entered = Control entered by hand
fact-qc-overridden = Quality control overridden
fact-run-judged = Quality control judged

rail-intake = Intake
rail-laboratory = Laboratory
list-imports = Imports
list-results = Results
list-results-to-review = Results to review
list-results-to-release = Results to release
list-follow-ups = Follow-ups of results above range
list-controls = Quality control
list-methods = Methods
list-instruments = Instruments
list-references = Reference materials
list-requests = Requests
list-worksheets = Worksheets
today-readings-to-decide = Readings that need a decision
today-imports-asking = Files that ask for their date order
today-follow-ups-open = Results above range, to be measured again
today-results-to-review = Results to review
today-results-to-release = Results to release
today-results-qc-failure = Results held by quality control
today-calibrations-expiring = Instruments whose calibration ends within 30 days

empty-imports = No file imported yet
    .hint = Drop an instrument file on the intake page.
empty-results = No results yet
    .hint = Import an instrument file, or enter one by hand.
empty-results-to-review = Nothing waits for review
    .hint = Measured results appear here.
empty-results-to-release = Nothing waits for release
    .hint = Reviewed results appear here.
empty-follow-ups = Nothing to measure again
    .hint = A result above the range of its method appears here by itself.
empty-controls = No controls yet
    .hint = Blanks, reference materials and duplicates of imported files and worksheets appear here.
empty-methods = No methods yet
    .hint = Define one, then issue its first edition.
empty-instruments = No instruments yet
    .hint = Register one, then record its calibration.
empty-references = No reference materials yet
    .hint = Define one, then add a lot with its certified values.
empty-requests = No requests yet
    .hint = Register what somebody wants tested.
empty-worksheets = No worksheets yet
    .hint = Open one to put samples and controls on a rack.
empty-versions = No edition yet
    .hint = Nothing can be measured by a method before its first edition is in force.
empty-calibrations = No calibration yet
    .hint = Results measured now would carry none.
empty-reference-lots = No lot yet
    .hint = Add one with the values of its certificate.
empty-charts = No control chart yet
    .hint = A chart begins with the first measurement of a reference material.
empty-chart = Nothing to chart
    .hint = No measurement of it is a number.

page-intake = Intake
page-intake-lead = Drop an instrument file. It is read whole before anything is stored; every reading is accounted for.
page-intake-import = Import
page-intake-mapping-hint = Left empty, the file is recognised by itself.
page-intake-asking = { $count ->
    [one] One file asks
   *[other] { $count } files ask
} for the order of day and month; nothing of it is recorded until somebody says.
page-intake-date-order-hint = Left empty, a file whose dates do not tell day from month asks.
page-import-date-order-title = Needs a decision: date order
page-import-date-order = { $rows ->
    [one] One row has a date
   *[other] { $rows } rows have a date
} that does not tell day from month. Nothing of this file is recorded, and no calibration or authorisation is taken, until somebody states the order; it holds for the whole file.
page-import-date-order-why = How you know: the setting of the instrument's computer, the day of the run.
page-import-date-certain = Row { $place }: { $text } can only be read so: { $order }.
page-import-dates = Dates that can be read in two ways
page-intake-worksheet-hint = The rack that was measured: it says what stands at each position, and which are controls.
page-intake-method-hint = Left empty, that of the worksheet.
page-import-differences = Differences from the worksheet
page-import-position = Position { $position }
page-worksheet-print = Print the rack
page-worksheet-import = Import its file
page-import-recording = Recording
page-import-notes = Rows without a reading
page-import-decide-all = Decide all
page-import-questions = Questions to decide once
page-import-open = Open
page-laboratory-lead = What waits, and everything a result stands on.
page-follow-up-lead = Dilute the sample or measure it on the next range. The result of that answers this by itself; until then the result above range is not released.
page-result-hand-typed = Typed by hand
page-result-changed = Changed since entry
page-result-suspect = In doubt
page-result-out-of-range = Out of range
page-result-below-lod = Below LOD
page-calibration-late = { $at }, later than what was measured under it ({ $count })
page-result-calibration-late = entered later, on { $at }
page-result-no-calibration = None was in force
page-result-controls = Controls that cover it
page-result-overrides = Overrides
page-results-exceptions = Exceptions only
page-charts = Control charts
page-charts-lead = Every reference material and analyte that was measured.
page-chart-lead = Limits come from earlier points, never from the one they judge: mean ± 2 and ± 3 standard deviations by the moving range (ISO 7870-2), outliers left out. The rules are Westgard's.
page-chart-established = Limits are established by the first { $points } points in control; { $out } outliers were left out.
page-chart-not-established = Limits not yet established: { $points } points, { $least } in control are needed. Until then the stated limits hold: certified value ± tolerance.
page-chart-judged-by = judged by { $low } to { $high }, from { $points } other points
page-instrument-calibrated = Calibrated
page-instrument-not-calibrated = Not calibrated
page-instrument-calibrations = Calibrations
page-worksheet-rack = Rack

field-account = Account
field-act = Action
field-against = Repeats
field-all-alike = The same for all alike
    .hint = Whether the same holds for every waiting reading of the import with the same sample id and question; questions about time are the same for all samples.
field-begun-at = Begun
field-blank-limit = Limit of blanks
field-calibrated-until = Calibrated until
field-calibration = Calibration
field-channel = Line or range
field-chart = Chart
field-chunk = Chunk
field-class = Class
field-controls = Controls needed
field-date-order = Date order
    .hint = The order of day and month in the file's dates; asked when they do not tell and it is not given.
field-decision = Decision
field-duplicate-lod-factor = Duplicates: multiple of LOD
field-duplicate-percent = Duplicates: % of the mean
field-exception = Exceptions
field-file-name = File
    .hint = The name it came under.
field-file-sha256 = SHA-256 of the file
    .hint = SHA-256 of the kept file.
field-found = Found
field-import = Import
field-instead = Instead of a result
    .hint = What stands in its place.
field-lots = Lots
field-mapping = Mapping
    .hint = The mapping it was read by.
field-mapping-version = Version of the mapping
field-measured = Found
field-name-other = Other name
field-notes = Notes
field-opened-at = Opened
field-answer = Answered by
field-asked = Assigned result
field-entered = Entered
field-ended-at = Ended
field-follow-up = Follow-up
field-raised-at = Raised
field-order = Date order
field-outcome = Became
field-place = Row
field-places = Rack
field-points = Points
field-preparation = Preparation
field-producer = Producer
field-qc = Quality control
field-range-high = Range to
field-range-low = Range from
field-raw = As printed
field-reading = Reading
field-readings = Readings
    .hint = How many readings it gave.
field-reference-percent = Reference: % from certified value
field-reference-required = Needs a reference material
field-released = Released
field-releaser-differs = Releaser is not the reviewer
    .hint = Whether who releases must not be who reviewed; no unless said otherwise.
field-remarks = Remarks
field-recorded-at = Entered
field-replaces = Replaces
field-replicate = Replicate
field-reviewer-differs = Reviewer is not who measured
    .hint = Whether who reviews must not be who measured; yes unless said otherwise.
field-run = Run
field-sample-id = Sample id
field-serial = Serial number
field-standing = State
field-suspect = In doubt because of
field-toml = Mapping (TOML)
    .hint = The mapping, as docs/intake.md describes it.
field-uncertainty-absolute = Uncertainty, absolute
field-uncertainty-percent = Uncertainty, %
field-validity = Validity
field-voided-from = Void from
field-workflow = State
field-what = What
    .hint = For what: closure or adjustments.
field-worksheet = Worksheet
field-zone = Time zone of the instrument
    .hint = The time zone of the instrument's clock: Asia/Shanghai; the institute's unless given.
field-method-issue-version-analytes-names = Other names in files
field-reading-decide-measured-at = Measured at
    .hint = The right time, where that in the file is wrong.
field-reading-decide-zone = Time zone of the instrument
    .hint = The zone that the instrument's clock showed, where the file was read in another: Asia/Shanghai.
field-calibration-void-from = Void from
    .hint = From when on it did not hold; from its beginning when left out.

choice-order-day-first = Day first
choice-date-order-day-first = Day first
choice-order-month-first = Month first
choice-date-order-month-first = Month first
choice-order-year-first = Year first
choice-date-order-year-first = Year first
choice-above-over-range = Over range on the instrument
choice-above-above-range = Above the range of the method
choice-follow-up-open = To be measured again
choice-follow-up-answered = Measured again
choice-follow-up-closed = Closed
choice-state-asks-date-order = Needs a decision: date order
choice-state-finished = Finished
choice-state-recording = Recording
choice-state-registered = Registered
choice-state-in-work = In work
choice-state-done = Done
choice-workflow-assigned = Assigned
choice-workflow-measured = Measured
choice-workflow-reviewed = Reviewed
choice-workflow-released = Released
choice-workflow-listed-not-received = Listed, not received
choice-workflow-insufficient-sample = Insufficient sample
choice-workflow-not-analysed = Not analysed
choice-workflow-no-result = No result
choice-workflow-cancelled = Cancelled
choice-instead-listed-not-received = Listed, not received
choice-instead-insufficient-sample = Insufficient sample
choice-instead-not-analysed = Not analysed
choice-instead-no-result = No result
choice-instead-cancelled = Cancelled
choice-qc-failure = QC failed
choice-qc-not-tested = QC not run
choice-qc-failure-overridden = QC overridden
choice-qc-warning = QC warning
choice-qc-pass = QC passed
choice-qc-not-required = No QC required
choice-validity-valid = Valid
choice-validity-retracted = Retracted
choice-validity-invalidated = Invalidated
choice-verdict-pass = Pass
choice-verdict-warning = Warning
choice-verdict-failure = Failure
choice-verdict-undecidable = Undecidable
choice-control-blank = Blank
choice-control-reference = Reference material
choice-control-duplicate = Duplicate
choice-place-sample = Sample
choice-place-blank = Blank
choice-place-reference = Reference material
choice-place-duplicate = Duplicate
choice-kind-sample = Sample
choice-kind-blank = Blank
choice-kind-reference = Reference material
choice-kind-duplicate = Duplicate
choice-class-sample = Sample
choice-class-blank = Blank
choice-class-standard = Standard
choice-class-control = Control
choice-class-duplicate = Duplicate
choice-class-statistics = Statistics
choice-class-skip = Left out
choice-class-unknown = Unknown
choice-decision-accept = As the file says
choice-decision-sample = The named sample
choice-decision-replicate = Beside the result there is
choice-decision-replace = In place of the result there is
choice-decision-blank = A blank
choice-decision-reference = The named reference material
choice-decision-duplicate = A duplicate
choice-decision-ignore = Nothing
choice-entered-by-hand = typed by hand
choice-row-missing = Not in the file
choice-row-extra = Not on the worksheet
choice-outcome-asks = Need a decision
choice-outcome-refused = Refused
choice-outcome-result = Results
choice-outcome-control = Controls
choice-outcome-kept = Kept aside
choice-outcome-ignored = Ignored
choice-row-header = Header
choice-row-attribute = Attribute
choice-row-skipped = Left out
choice-row-refused = Refused
choice-row-asks = Question
choice-row-warning = Warning

why-time-future = Measured after the file was taken in: the date or the time zone of the instrument's clock is wrong
why-before-sampled = Measured before the sample was taken: wrong sample, date or time zone
why-before-received = Measured before the sample was entered in the books: say why, or give the right time
why-no-edition = Measured when no edition of the method was in force
why-not-authorised = Measured when the person was not authorised for the method
why-unknown-sample = No sample has this id: register it or name the sample
why-not-on-worksheet = It stands on no position of the worksheet
why-unknown-class = It is not clear what this row is
why-unknown-reference = No reference material has this code
why-instrument = The file needs a decision
why-repeated = There is a result already; before and after
why-no-original = The result it repeats is not there
why-analyte-not-in-method = The method does not measure this
why-unit-not-convertible = The unit cannot be converted
why-basis-not-convertible = The basis cannot be converted
why-no-number = No number
why-another-channel = Another line or range
why-another-range = Another range counts
why-ancillary = Not reported by the instrument
why-calibration-standard = Calibration standard
why-missing = Empty cell
why-not-analysed = Not analysed
why-not-certified = Not certified in this reference material
why-statistics = Statistics of other rows

rule-blank-limit = Blank: │x│ ≤ limit
rule-reference-percent = Reference: │x − c│ ≤ p % of c
rule-reference-uncertainty = Reference: │x − c│ ≤ 2·√(uₓ² + u_c²)
rule-reference-unit = Reference: units do not convert
rule-reference-no-tolerance = Reference: no tolerance stated
rule-reference-chart = Reference: outside the limits of its control chart
rule-reference-expired = Reference: past its date
rule-duplicate-thompson-howarth = Duplicate: │a − b│ ≤ f·LOD + d % of the mean (Thompson–Howarth)
westgard-1-3s = 1-3s: beyond three standard deviations
westgard-2-2s = 2-2s: two beyond two, same side
westgard-r-4s = R-4s: two more than four apart
westgard-4-1s = 4-1s: four beyond one, same side
westgard-10-x = 10-x: ten on the same side

page-intake-waiting = { $count } readings wait for a decision.
page-method-in-force = Edition { $edition }, in force since { $day }
page-method-from = Edition { $edition }, in force from { $day }
page-reference-lot = { $code }, good until { $day }

refusal-method-code-taken = Another method has the code { $code }.
    .rule = A code names one method.
    .remedy = Choose another code.
refusal-method-unknown = There is no method { $what }.
    .rule = What is measured is measured by a method.
    .remedy = Define the method first.
refusal-method-edition-taken = Edition { $edition } exists.
    .rule = An edition is issued once and never changes.
    .remedy = Give the new edition another name.
refusal-method-no-analytes = The edition measures nothing.
    .rule = An edition names its analytes.
    .remedy = Add an analyte with unit and basis.
refusal-method-analyte-twice = { $analyte } stands twice.
    .rule = Each analyte stands once.
    .remedy = Remove one of them.
refusal-method-limits = The limits of { $analyte } contradict each other.
    .rule = No limit is negative; LOD ≤ LOQ; a range goes upwards.
    .remedy = Correct the limits.
refusal-method-version-earlier = It would be in force from { $from }, before the last edition ({ $last }).
    .rule = Editions follow each other.
    .remedy = Give a later day.
refusal-method-version-superseded = Edition { $given } is no longer in force; { $current } is.
    .rule = Nothing is entered on an older edition once a newer one is in force.
    .remedy = Measure and enter by the edition in force.
refusal-method-none-in-force = No edition of { $code } is in force.
    .rule = Only an edition in force is measured by.
    .remedy = Issue an edition that is in force.
refusal-instrument-code-taken = Another instrument has the code { $code }.
    .rule = A code names one instrument.
    .remedy = Choose another code.
refusal-instrument-unknown = There is no instrument { $what }.
    .rule = Instruments are registered.
    .remedy = Register it first.
refusal-calibration-unknown = There is no calibration { $what }.
    .rule = Calibrations are recorded.
    .remedy = Check the number.
refusal-calibration-window = It would hold from { $from } until { $until }.
    .rule = A calibration ends after it begins.
    .remedy = Correct the window.
refusal-calibration-in-future = { $at } has not come yet.
    .rule = A calibration is recorded, and found bad, after it was done.
    .remedy = Correct the date, or record it when it is done.
refusal-calibration-voided = { $calibration } was voided before.
    .rule = A calibration is voided once.
    .remedy = Nothing is left to do.
refusal-calibration-outside-window = { $from } is outside its window.
    .rule = A calibration is voided from an instant within its window.
    .remedy = Give an instant within the window.
refusal-reference-code-taken = The code { $code } is taken.
    .rule = A code names one reference material or lot.
    .remedy = Choose another code.
refusal-reference-unknown = There is no reference material { $what }.
    .rule = Lots belong to a reference material.
    .remedy = Define it first.
refusal-reference-no-values = The lot has no certified value.
    .rule = A reference lot has certified values.
    .remedy = Add a value with its unit.
refusal-reference-analyte-twice = { $analyte } stands twice.
    .rule = Each analyte stands once.
    .remedy = Remove one of them.
refusal-request-code-taken = Another request has the code { $code }.
    .rule = A code names one request.
    .remedy = Choose another code.
refusal-request-empty = Nothing is asked for.
    .rule = A request names samples and methods.
    .remedy = Add a sample with a method.
refusal-request-no-sample = There is no sample { $what }.
    .rule = Only samples that are registered are tested.
    .remedy = Receive or take the sample first.
refusal-request-no-method = There is no method { $what }.
    .rule = What is measured is measured by a method.
    .remedy = Define the method first.
refusal-worksheet-code-taken = Another worksheet has the code { $code }.
    .rule = A code names one worksheet.
    .remedy = Choose another code.
refusal-worksheet-unknown = There is no worksheet { $what }.
    .rule = A run is an import or a worksheet.
    .remedy = Check the number.
refusal-worksheet-empty = Nothing stands on the rack.
    .rule = A worksheet has positions.
    .remedy = Add a sample or a control.
refusal-worksheet-place = Position { $position } names no sample or reference material that exists.
    .rule = Samples and duplicates name a sample, references a reference lot, blanks neither.
    .remedy = Correct the position.
refusal-worksheet-no-control = No control that can be judged stands at position { $position }.
    .rule = Controls are entered where the rack has one.
    .remedy = Choose the position of a blank, reference material or duplicate.
refusal-import-unknown = There is no import, reading or file { $what }.
    .rule = Readings come from a kept file.
    .remedy = Import the file.
refusal-import-repeated = The same file was imported before as { $import }.
    .rule = A file is imported once by a mapping and a method.
    .remedy = Open the earlier import.
refusal-import-finished = { $import } is finished.
    .rule = A finished import takes no more readings.
    .remedy = Nothing is left to do.
refusal-import-out-of-turn = Chunk { $chunk } of { $import } came where { $next } is due.
    .rule = Readings are recorded in the order of the file.
    .remedy = Import the file again; it goes on where it stopped.
refusal-import-unfinished = Some readings of { $import } are not recorded yet.
    .rule = An import is finished when every reading is accounted for.
    .remedy = Import the file again; it goes on where it stopped.
refusal-import-asks-date-order = The dates of { $import } do not tell day from month.
    .rule = Nothing is recorded with a guessed date.
    .remedy = State the date order of the file.
refusal-import-no-date-question = { $import } does not ask for a date order.
    .rule = A date order is stated once, for a file that asks.
    .remedy = Look at the import.
refusal-import-date-order-fits = No date of { $import } can be read { $order ->
    [day_first] day first
    [month_first] month first
   *[other] year first
}.
    .rule = A stated order must fit the file.
    .remedy = State one of the orders that the import names.
refusal-import-date-order-contradicts = { $import } cannot be read { $order ->
    [day_first] day first
    [month_first] month first
   *[other] year first
}: row { $place } has { $text }, which is only { $only ->
    [day_first] day first
    [month_first] month first
   *[other] year first
}.
    .rule = One order holds for the whole file.
    .remedy = State the order that the dates themselves show, or ask who set up the instrument.
refusal-follow-up-unknown = There is no follow-up { $what }.
    .rule = A follow-up is raised by a result above range.
    .remedy = Look at the list of follow-ups.
refusal-follow-up-not-open = { $follow_up } is not open any more.
    .rule = A follow-up ends once.
    .remedy = Look at the result that answered it, or at the reason it was closed for.
refusal-result-above-range = { $result } lies above range and is to be measured again ({ $follow_up }).
    .rule = A result above the range of its method is not released while its follow-up is open.
    .remedy = Dilute and measure again, or on the next range; or close the follow-up with a reason.
refusal-import-worksheet-method = Worksheet { $worksheet } was opened for { $method }, another method.
    .rule = A file of a rack is imported under the method of its worksheet.
    .remedy = Choose that method, or another worksheet.
refusal-import-zone = { $zone } is no time zone.
    .rule = Times of the instrument are read in a named time zone.
    .remedy = Write it like Asia/Shanghai.
refusal-reading-settled = { $what } does not wait for a decision.
    .rule = A reading is decided once.
    .remedy = Correct, retract or retest its result instead.
refusal-reading-names = The decision needs { $what ->
    [sample] a sample
   *[other] a reference lot
} that exists.
    .rule = A decision names what the reading is.
    .remedy = Name it.
refusal-reading-still-asks = It still needs a decision: { $question ->
    [unknown-sample] no sample has this id
    [unknown-class] it is not clear what the row is
    [unknown-reference] no reference material has this code
    [repeated] there is a result already
    [no-original] the result it repeats is not there
   *[instrument] the file needs a decision
} ({ $what }).
    .rule = A reading counts only when it is clear what it is.
    .remedy = Register the sample, or choose another decision.
refusal-mapping-unreadable = The mapping cannot be used: { $why }
    .rule = A mapping is written as docs/intake.md says.
    .remedy = Correct the mapping.
refusal-mapping-taken = This mapping ({ $name }) was added before.
    .rule = A mapping is added once.
    .remedy = Nothing is left to do.
refusal-result-unknown = There is no result { $what }.
    .rule = Only a result that is there can be dealt with.
    .remedy = Check the number.
refusal-result-not-valid = { $result } does not count any more: { $is ->
    [retracted] retracted
   *[other] invalidated
}.
    .rule = A void result stays void.
    .remedy = Measure again.
refusal-result-state = { $result } is not in the state for this: { $is ->
    [assigned] assigned
    [measured] measured
    [reviewed] reviewed
    [released] released
    [listed_not_received] listed, not received
    [insufficient_sample] insufficient sample
    [not_analysed] not analysed
    [no_result] no result
   *[cancelled] cancelled
}.
    .rule = Measured, then reviewed, then released.
    .remedy = Do the step before first.
refusal-result-suspect = { $result } is in doubt because of { $why }.
    .rule = What was measured under a calibration found bad is not used.
    .remedy = Measure again.
refusal-result-same-person = { $act ->
    [review] Who measured { $result } cannot review it.
    [release] Who reviewed { $result } cannot release it.
   *[other] Who measured { $result } cannot answer for its quality control.
} ({ $person })
    .rule = The method asks for different persons.
    .remedy = Somebody else must do it.
refusal-result-qc-failure = The quality control of { $result } failed.
    .rule = A failed control holds the results it covers.
    .remedy = Measure again, or let a second entitled person answer for it.
refusal-result-qc-not-tested = A required control of { $result } was not run.
    .rule = A required control that was not run is not a pass.
    .remedy = Run the control, or let a second entitled person answer for it.
refusal-qc-override-lapsed = The override of { $result } ended at { $until }.
    .rule = An override holds until its stated end.
    .remedy = Override again with a reason.
refusal-qc-nothing-to-override = The quality control of { $result } needs no override ({ $is ->
    [warning] passed with a warning
    [pass] passed
   *[not_required] none required
}).
    .rule = Only a failed or missing control is overridden.
    .remedy = Release the result.
refusal-qc-override-recording = The readings of { $import } are still being recorded; what its controls say of { $result } is not known yet.
    .rule = An override answers for the controls that are known when it is given.
    .remedy = Wait until the import is finished, then override.
refusal-qc-override-ended = It would have ended at { $until }, before now.
    .rule = An override has an end in the future.
    .remedy = Give a later end.
refusal-result-no-sample = There is no sample { $what }.
    .rule = Results are of samples that are registered.
    .remedy = Receive or take the sample first.
refusal-result-not-in-method = { $code } does not measure { $analyte }.
    .rule = Results are of analytes of the method.
    .remedy = Issue an edition with the analyte, or name another method.
refusal-result-value = The value cannot be taken: { $why }
    .rule = A value is a number or a qualifier with its unit, as found.
    .remedy = Write it like 12.30, <0.001, >10 or ND.
refusal-result-future = { $at } has not come yet.
    .rule = Nothing was measured in the future.
    .remedy = Correct the time.
refusal-result-time-order = The times contradict each other: { $later ->
    [measured] measured
    [reviewed] reviewed
    [released] released
   *[other] { $later }
} at { $later_at }, but { $earlier ->
    [produced] the lot was produced
    [sampled] the sample was taken
    [received] the sample came
    [measured] it was measured
   *[other] { $earlier }
} at { $earlier_at }.
    .rule = A sample is taken, comes, is measured, reviewed and released, in this order.
    .remedy = Correct the time: its year, its month and day, its time zone. Or name the right sample.
refusal-result-time-asks = Measured at { $later_at }, before the sample was entered in the books ({ $earlier_at }).
    .rule = A sample comes before it is measured; one that was entered in the books late may have been measured before that.
    .remedy = Correct the time (year, time zone), or enter it again and give the reason.
refusal-result-no-person = Only a person can do this.
    .rule = Signatures are by persons.
    .remedy = Sign in as yourself.

intake-place = { $file }{ $sheet ->
    [none] {""}
   *[other] , sheet { $sheet }
}{ $row ->
    [none] {""}
   *[other] , row { $row }
}{ $column ->
    [none] {""}
   *[other] , column { $column }
}
intake-token = { $token ->
    [none] {""}
   *[other] {" "}({ $token })
}
refusal-intake-too-large = { intake-place }: { $problem }{ intake-token }.
    .rule = One file may cost only so much memory and time.
    .remedy = Split the file, or export less at once.
refusal-intake-encoding = { intake-place }: { $problem }{ intake-token }.
    .rule = A file that cannot be read whole is not imported in part.
    .remedy = Name the encoding in the mapping, or export the file again.
refusal-intake-malformed = { intake-place }: { $problem }{ intake-token }.
    .rule = A file that cannot be read whole is not imported in part.
    .remedy = Copy or export the file again.
refusal-intake-mismatch = { intake-place }: { $problem }{ intake-token }.
    .rule = A file must look as its mapping says.
    .remedy = Compare the file with the mapping, or name another mapping.
refusal-intake-file-size = { intake-place }: the file has { $bytes } bytes, more than the limit of { $limit }.
    .rule = One file may cost only so much memory and time.
    .remedy = Split the file, or raise the limit.
refusal-intake-empty = { intake-place }: the file is empty.
    .rule = A file that cannot be read whole is not imported in part.
    .remedy = Export it again.
refusal-intake-damaged = { intake-place }: the workbook is damaged in { $part }: { $detail }{ intake-token }.
    .rule = A file that cannot be read whole is not imported in part.
    .remedy = Copy the file again, or save it again in its program.
refusal-intake-inflates = { intake-place }: { $part } inflates to more than { $mib } MiB.
    .rule = One file may cost only so much memory and time.
    .remedy = This is a zip bomb or no instrument export; take the file from the instrument again.
refusal-intake-long-text = { intake-place }: one text in { $part } has more than { $mib } MiB.
    .rule = One file may cost only so much memory and time.
    .remedy = This is a zip bomb or no instrument export; take the file from the instrument again.
refusal-intake-no-workbook = { intake-place }: this archive is no workbook.
    .rule = A file that cannot be read whole is not imported in part.
    .remedy = Unpack it and give the file inside, or save it as XLSX.
refusal-intake-sheet-span = { intake-place }: a sheet of { $cells } cells claims to span { $places } places.
    .rule = One file may cost only so much memory and time.
    .remedy = This is no instrument export; save it again in its program.
refusal-intake-zero-byte = { intake-place }: there is a zero byte{ intake-token }.
    .rule = A file that cannot be read whole is not imported in part.
    .remedy = It is not a text file; export it again as text or as a workbook.
refusal-intake-zero-byte-wide = { intake-place }: there is a zero byte{ intake-token }; it may be UTF-16 without a byte-order mark.
    .rule = A file that cannot be read whole is not imported in part.
    .remedy = Say encoding = "utf-16le" under [open] of the mapping, or export the file as UTF-8.
refusal-intake-odd-end = { intake-place }: the text is UTF-16 but has an odd number of bytes ({ $bytes }).
    .rule = A file that cannot be read whole is not imported in part.
    .remedy = The file is cut off; copy it again.
refusal-intake-not-encoded = { intake-place }: the bytes are not { $encoding } text{ intake-token }.
    .rule = A file that cannot be read whole is not imported in part.
    .remedy = Name the encoding under [open] of the mapping: gb18030 for Chinese, windows-1251 for Russian, latin-1 for Western European; or export the file as UTF-8.
refusal-intake-no-sheet = { intake-place }: there is no sheet { $wanted }; the workbook has: { $sheets }.
    .rule = A file must look as its mapping says.
    .remedy = Change sheet under [open] of the mapping, or name another mapping.
refusal-intake-columns = { intake-place }: the row has more than { $limit } columns.
    .rule = One file may cost only so much memory and time.
    .remedy = This is no instrument export; check the file and the delimiter.
refusal-intake-cells = { intake-place }: the file has more than { $cells } cells or { $rows } rows.
    .rule = One file may cost only so much memory and time.
    .remedy = Split it, or raise the limit.
refusal-intake-rows = { intake-place }: the file has more than { $limit } rows.
    .rule = One file may cost only so much memory and time.
    .remedy = Split it, or raise the limit.
refusal-intake-open-quote = { intake-place }: a quote opens here and is never closed{ intake-token }.
    .rule = A file that cannot be read whole is not imported in part.
    .remedy = Mend the file, or say quote = "" under [open] of the mapping if quotes mean nothing in it.
refusal-intake-long-cell = { intake-place }: one cell holds more than { $bytes } bytes.
    .rule = One file may cost only so much memory and time.
    .remedy = A quote is probably not closed; mend the file.
refusal-intake-long-line = { intake-place }: one line holds more than { $bytes } bytes.
    .rule = One file may cost only so much memory and time.
    .remedy = This is no instrument export; take the file from the instrument again.
refusal-intake-header = { intake-place }: { $problem }.
    .rule = A file must look as its mapping says.
    .remedy = Compare the header with the mapping, or name another mapping.
refusal-intake-date-order = { intake-place }: the date{ intake-token } can only be read { $only }, while { $stated } was stated for the file.
    .rule = One date order holds for the whole file.
    .remedy = State the order that the dates themselves show.
refusal-intake-unrecognised = No mapping fits { $file }. { $reasons }
    .rule = A file is read by a mapping that recognises it, or by one that is named.
    .remedy = Name a mapping, or write one after docs/intake.md.
refusal-intake-ambiguous = Several mappings fit { $file }: { $names }.
    .rule = Nobody guesses between mappings.
    .remedy = Name one of them.
refusal-intake-no-mapping = There is no mapping { $name }; known are { $known }.
    .rule = A file is read by a mapping that recognises it, or by one that is named.
    .remedy = Name one of these, or add your own.
refusal-intake-no-method = The method is missing.
    .rule = A file is imported under the method it was measured by.
    .remedy = Choose the method.
refusal-intake-no-file = There is no file.
    .rule = Something must be sent to be imported.
    .remedy = Choose a file.

# What a field is for, where its label does not say it.
field-qc-enter-analyte =
    .hint = Symbol, formula or name, as the method has it.
field-result-enter-analyte =
    .hint = Symbol, formula or name, as the method has it.
field-result-record-none-analyte =
    .hint = The analyte, as the method has it.
field-result-correct-basis =
    .hint = Its basis; that of the result unless given.
field-result-enter-basis =
    .hint = Its basis; the method's unless given.
field-reference-add-lot-certificate =
    .hint = Number of its certificate.
field-instrument-calibrate-certificate =
    .hint = Number of the calibration certificate.
field-method-define-code =
    .hint = What people call it: GB/T 6730.5, ICP-MN-01.
field-reference-define-code =
    .hint = What people call it: GBW07163.
field-instrument-register-code =
    .hint = What people call it: ICP-2.
field-reference-add-lot-code =
    .hint = What stands on the bottle, and as the sample id in instrument files.
field-method-issue-version-edition =
    .hint = The edition: 2026, 3.1.
field-method-issue-version-in-force-from =
    .hint = From which day it is in force.
field-import-begin-method =
    .hint = The method; its edition in force is taken.
field-worksheet-open-method =
    .hint = The method; its edition in force is taken.
field-mapping-add-name =
    .hint = What it is called unless its text says so.
field-qc-enter-position =
    .hint = Its position on the rack, where a blank, a reference material or a duplicate stands.
field-result-enter-position =
    .hint = Its position on the worksheet.
field-result-correct-result =
    .hint = The result that is wrong.
field-reading-decide-sample =
    .hint = The sample it is, or the sample it duplicates.
field-qc-enter-unit =
    .hint = Its unit; the method's unless given.
field-result-correct-unit =
    .hint = Its unit; the method's unless given.
field-result-enter-unit =
    .hint = Its unit; the method's unless given.
field-qc-override-until =
    .hint = Until when it may be released on this.
field-result-correct-value =
    .hint = What it should be: 12.30, <0.001.
field-qc-enter-value =
    .hint = What was found: 1.02, <0.001.
field-result-enter-value =
    .hint = What was found: 12.30, <0.001, >10, ND.
field-import-state-date-order-why =
    .hint = How you know: the setting of the instrument's computer, the day of the run.
field-qc-override-why =
    .hint = Why it is good all the same.
field-follow-up-close-why =
    .hint = Why it need not be measured again.
field-result-enter-worksheet =
    .hint = The worksheet it belongs to.
field-import-begin-worksheet =
    .hint = The worksheet whose rack was measured: it says what stands at each position.
page-voided-from = Void from { $from }
page-voided-always = Void from the beginning
field-method-version-void-from = Void from
    .hint = From when on what was measured by it does not count; from its beginning when left out.
field-reference-lot-void-from = Void from
    .hint = From when on what it controlled does not count; from its beginning when left out.
refusal-method-version-voided = The edition { $edition } is void from { $from } on.
    .rule = Nothing is measured by an edition that was found bad, and it is voided once.
    .remedy = Issue the next edition.
refusal-reference-lot-voided = The reference lot { $code } was voided before, from { $from } on.
    .rule = A reference lot is voided once.
    .remedy = Nothing is left to do.

# What is reported below the limits of a method.
field-reporting = Reported below the limits
    .hint = below_loq: <LOQ; nd_below_lod: not detected below the LOD; estimated: the number with its mark between LOD and LOQ.
choice-reporting-below-loq = <LOQ below the LOQ
choice-reporting-nd-below-lod = ND below the LOD, <LOQ below the LOQ
choice-reporting-estimated = ND below the LOD, estimate up to the LOQ
page-voided-because = { $void }, because: { $why }
