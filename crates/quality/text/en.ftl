# Quality: specifications, holds, release, certificates.
answer-no = No
answer-yes = Yes
column-conversion = Conversion
column-editions = Editions
column-used = Times used
column-verdict = Verdict
column-via-lot = Through lot
column-why = Why
command-certificate-attach = Bind the PDF
command-certificate-issue = Issue certificate
    .about = Issue the certificate of a released lot. It is typeset and its dossier verified before it gets a number.
command-certificate-supersede = Supersede
    .about = Replace a certificate by a corrected one. Whoever checks the old one is told of the new.
command-gate-override = Override a check
    .about = Override one check of a lot until an instant, with a reason. Another person then releases the lot. What fails the check later is not covered.
command-hold-lift = Lift hold
    .about = Lift a hold, and with it everything it spread to. Somebody else than who placed it does this.
command-hold-spread = Spread hold
command-lot-concede = Concede
    .about = Concede items of a lot to a customer who consented. Another person then releases the lot to that customer.
command-lot-hold = Hold lot
command-lot-hold-because = Hold lot (system)
    .about = Hold a lot. Everything made from it is held as well, now and later.
command-lot-reject = Reject lot
    .about = Reject a lot, and with it everything split off it. It cannot be released afterwards; rework makes another lot.
command-lot-release = Release lot
    .about = Release a lot against an edition of a specification. It is refused, with the first reason, unless every check holds.
command-specification-define = Define specification
    .about = Define a specification for a material. What it demands is issued as editions.
command-specification-issue-version = Issue edition
    .about = Issue an edition of a specification, for everybody or for one customer. It never changes afterwards.
comparison-full-value = full value
comparison-rounded-value = rounded value
download-dossier = Download dossier
download-json = JSON
download-pdf = PDF
empty-certificates = No certificate yet
empty-certificates-hint = A released lot can be certified.
empty-dispositions = No decision yet
empty-holds = No hold
empty-overrides = No override
empty-release = No lot waits for a decision
empty-release-hint = Lots of materials that have a specification appear here until they are released or rejected.
empty-specifications = No specification yet
empty-specifications-hint = Define one, then issue its first edition.
field-requires-balance = Asks for a metal balance
    .hint = Whether a lot goes only upon a metal balance that is final and closes within its uncertainty.
gate-balance = Metal balance final and closing, where asked for
gate-calibration = Instruments in calibration
gate-holds = No open hold on it or what it was made from
gate-judgement = Every verdict a pass
gate-masses = Masses and moisture consistent
gate-plausibility = Plausible
gate-history = Usual for the material
gate-qc = Quality control passed
gate-range = Methods inside their range
gate-results = Required results released
gate-signers = Signers authorised when they signed
gate-specification = Right specification edition
gate-state-fail = fails
gate-state-not-asked = not asked for
gate-state-nothing = nothing to check
gate-state-overridden = passes by exception
gate-state-pass = passes
gate-state-undecidable = cannot be decided
list-certificates = Certificates
list-dispositions = Decisions on lots
list-holds = Holds
list-overrides = Overrides
list-release = Lots to release
list-specifications = Specifications
page-certificate-signatures = Signatures
page-check = Check a certificate
page-check-unknown = There is no certificate with the code { $code }. Compare it with the paper, letter by letter.
page-hold-lots = Lots it is on
page-release = Release
page-release-acts = Decide
page-release-checks = Checks
page-release-decisions = Decisions so far
page-release-lines = Results against the specification
page-release-no-version = no edition in force
page-release-title = Release of { $lot }
rail-quality = Quality
reason-above-upper = above the upper limit
reason-bases-differ = the bases differ and the moisture is not known
reason-below-lower = below the lower limit
reason-beyond-inside-guard-band = outside, but nearer than the guard band
reason-inside-guard-band = inside, but nearer than the guard band
reason-limit-not-known = a bound of the result is not known
reason-limit-straddles-bound = the result may lie on either side of the limit
reason-member-missing = a member has no result
reason-no-result = no usable result
reason-not-computed = cannot be computed from its members
reason-not-judgeable = cannot be judged
reason-only-reported = reported only
reason-rule-invalid = the rule is not valid
reason-too-large = the figure is too large
reason-units-differ = the units do not fit
reason-within-limits = within the limits
remedy-hold-lift = Lift the hold
remedy-lot-adjust = Correct the masses
remedy-lot-concede = Concede with the customer's consent
remedy-qc-override = Override the quality control
remedy-result-release = Release the results
remedy-result-retest = Retest
remedy-specification-issue-version = Issue an edition
state-certificate-current = in force
state-certificate-rendering = being typeset
state-certificate-superseded = superseded
state-decision-concession = concession
state-decision-rejected = rejected
state-decision-released = released
state-edition-coming = not yet in force
state-edition-ended = no longer in force
state-edition-in-force = in force
state-gate-allows = every check holds
state-gate-refuses = not releasable
state-hold-lifted = lifted
state-hold-open = held
state-lot-held = held
page-release-would-be-refused = The checks above refuse it now. A try is refused, and the refusal goes on record.
page-release-barred = Decisions by others
choice-rounding-gb8170-half-even = GB/T 8170, half to even
choice-rounding-half-up = half away from zero
choice-rounding-astm-e29 = ASTM E29, half to even
column-meaning = Meaning
column-authorised = Authorised
state-override-ended = ended
state-override-valid = valid
today-holds-open = Open holds
today-lots-to-release = Lots to release
today-overrides-ending = Overrides that end soon
verdict-fail = fail
verdict-not-judged = not judged
verdict-pass = pass
verdict-undecidable = undecidable
refusal-certificate-already-superseded = { $certificate } was superseded before.
    .rule = Only the latest revision is superseded.
    .remedy = Supersede the latest revision.
refusal-certificate-lot-held = { $lot } is held by { $hold }.
    .rule = No certificate leaves for a held lot.
    .remedy = Have the hold lifted.
refusal-certificate-lot-not-released = { $lot } is not released.
    .rule = A certificate is issued for a released lot.
    .remedy = Release the lot.
refusal-certificate-no-institute = The institute has no name and address yet.
    .rule = A certificate names its issuer.
    .remedy = Set the institute.
refusal-certificate-no-person = Only a person signs a certificate.
    .rule = A certificate has a name under it.
    .remedy = Sign in and issue it.
refusal-certificate-other-customer = { $lot } was not released for { $customer }.
    .rule = A customer's own edition counts where there is one.
    .remedy = Release the lot for this customer.
refusal-certificate-other-pdf = Another PDF is bound to { $certificate }.
    .rule = A certificate has one PDF.
    .remedy = Supersede the certificate.
refusal-certificate-result-gone = { $result } no longer stands.
    .rule = A certificate states results that stand.
    .remedy = Release the lot again upon new results.
refusal-certificate-lot-not-there = { $lot } is neither in stock nor with this customer.
    .rule = A certificate is issued for a lot that is in stock, or that was delivered to the customer it names.
    .remedy = Name the lot that the customer has or gets.
refusal-certificate-mass = { $field ->
        [packages] No packages
        [gross_kg] { $value } kg gross
       *[other] { $value } kg net
    } cannot be what the lot weighs.
    .rule = Net mass is a gram or more, to the milligram, and at most what the lot ever weighed{ $most ->
        [none] {""}
       *[other] {" "}({ $most } kg)
    }; gross mass is at least net mass, and at most twice that and 100 kg; there is at least one package.
    .remedy = Correct the masses, or leave them out: then the lot's own are printed.
refusal-concession-item = The edition has no item { $item }.
    .rule = A concession names items of the edition.
    .remedy = Name the items as the edition writes them.
refusal-gate-expiry = { $until } is not a time for an exception to end.
    .rule = An exception ends in the future, within a year.
    .remedy = Give an earlier or later end.
refusal-gate-not-overridable = The check { $gate } is not overridden.
    .rule = A verdict is conceded, a hold is lifted, a result is released: each has its own way.
    .remedy = Take that way.
refusal-gate-nothing-to-override = Nothing fails the check { $gate } of { $lot }.
    .rule = An exception answers for what is known to fail, and for nothing that may fail later.
    .remedy = Look at the checks of the lot; override what fails once it does.
refusal-hold-already-lifted = { $hold } was lifted before.
    .rule = A hold is lifted once.
    .remedy = Place another hold where there is new doubt.
refusal-hold-no-person = Only a person lifts a hold.
    .rule = A decision on a lot has a name under it.
    .remedy = Sign in and lift it.
refusal-hold-own = Whoever placed { $hold } does not lift it.
    .rule = A hold is lifted by a second person.
    .remedy = Ask another quality manager.
refusal-lot-already-released = { $lot } is released against this edition.
    .rule = A lot is released once against an edition.
    .remedy = Release it against another edition if a customer needs that.
refusal-lot-rejected = { $lot } was rejected.
    .rule = A rejected lot is not released.
    .remedy = Rework it into another lot.
refusal-quality-no-such = There is no { $what }.
    .rule = A command names records that exist.
    .remedy = Look up its number and give it again.
refusal-release-balance = No metal balance stands behind { $lot }: { $what }.
    .rule = Where the specification asks for a metal balance, every balance the lot is linked to is final, rests on figures that stand, and closes within its stated uncertainty.
    .remedy = Link the lot to the balance of its period and make that balance final, or have the check overridden by a second person.
refusal-release-calibration = The instrument was not in calibration for { $what }.
    .rule = An instrument is in calibration when it measures.
    .remedy = Retest on a calibrated instrument.
refusal-release-holds = There is an open hold: { $what }.
    .rule = No hold is open on the lot or on anything it was made from.
    .remedy = Have the hold lifted where it was placed.
refusal-release-judgement = Not every item conforms: { $what }.
    .rule = Every verdict is a pass, or the customer consents to a concession. What is compared is the full value, unless the item states the rounded one (GB/T 8170 4.3).
    .remedy = Reject the lot, rework it, or concede it with the customer's consent.
refusal-release-masses = Masses and moisture do not fit: { $what }.
    .rule = Wet mass, moisture and dry mass agree within 0.1 %.
    .remedy = Correct them by a stock adjustment.
refusal-release-no-person = Only a person decides on a lot.
    .rule = A decision has a name under it.
    .remedy = Sign in and decide.
refusal-release-history = Released lots of this material never had that: { $what }.
    .rule = Results are reviewed before they are reported (ISO/IEC 17025:2017 7.7.1 i): a figure that no released lot has come near is measured again, or somebody answers for it.
    .remedy = Measure it again, or have a second person who knows why it is new override the check.
refusal-release-plausibility = Chemistry, or a composite it is in, contradicts it: { $what }.
    .rule = No content exceeds what the pure compound can hold; where a composite does not conform, one of the lots in it does not.
    .remedy = Retest; look for a wrong unit or dilution; or have a second person who knows which lot it was override the check.
refusal-release-qc = Quality control does not stand for { $what }.
    .rule = Quality control passed, or a second person overrode it; control that was not run is no pass.
    .remedy = Run the control again, or have it overridden.
refusal-release-range = { $what } lies outside the method's range.
    .rule = A result lies inside the validity range of its method.
    .remedy = Retest by a method that covers it.
refusal-release-results = { $lot } lacks released results: { $what }.
    .rule = Every required result is released and none is pending.
    .remedy = Measure, review and release them.
refusal-release-same-person = Whoever answers for { $what } does not release upon it.
    .rule = An exception takes two people.
    .remedy = Ask another quality manager to release.
refusal-release-signers = A signer was not authorised: { $what }.
    .rule = Everybody who sampled, tested, checked or approved was authorised when it was done.
    .remedy = Retest with authorised people; where it was the sampler, take another sample or have the check overridden by a second person.
refusal-release-specification = No right edition of a specification is in force for { $lot }: { $what }.
    .rule = A lot is judged by the edition in force, the customer's own where there is one.
    .remedy = Issue the edition, or name the right one.
refusal-specification-code-taken = The code { $code } is another specification's.
    .rule = A code names one specification.
    .remedy = Take another code, or issue an edition of the existing one.
refusal-specification-edition-taken = There is an edition { $edition } already.
    .rule = An edition never changes.
    .remedy = Give the new edition another name.
refusal-specification-interval = It would end before it begins.
    .rule = An edition is in force from a beginning to an end.
    .remedy = Correct the instants.
refusal-specification-item = { $analyte }: { $problem ->
        [bounds] { $detail } bounds nothing, since a content lies between 0 and 100 %
        [guard] a guard band of { $detail } is none
        [no-room] a guard band of { $detail } leaves nothing between the limits
        [limitless] { $detail ->
            [exclusive] excluding the limits
            [guard_band] a guard band
           *[other] how it is compared
        } does nothing without a limit
        [places] { $detail } decimal places are more than anything is reported with
        [no-worst] without a limit none is the worst
        [treatment] { $detail } is no treatment
        [untreated] a treatment does nothing where nothing is summed, related or averaged
        [definition] { $detail } is no stored definition of a sum
        [no-sum] { $detail } is one substance and no sum
        [other-sum] { $detail } does not say the sum of the members that are listed
        [twice] { $detail } would count twice
        [nested] { $detail } is a sum or ratio itself
        [to-itself] it is a ratio of something to itself
        [unit] it is never found in { $detail }
        [method-twice] { $detail } is named twice
       *[other] { $why }
    }.
    .rule = Every item can be judged, in one way, and everything it states does something.
    .remedy = Correct the item, or leave out what does nothing.
refusal-specification-item-twice = { $analyte } stands there twice.
    .rule = Each analyte has one line.
    .remedy = Join the two lines.
refusal-specification-no-items = An edition without items demands nothing.
    .rule = An edition states what a lot must be.
    .remedy = Add at least one item.

# How certificates stand.
command-certificate-confirm = Confirm: it stands
    .about = Confirm a certificate that is under review: what was done under the grounds that fell was found sound. Somebody else than its signer does this.
command-certificate-withdraw = Withdraw
    .about = Withdraw a certificate: whoever checks it is told that it must not be used. A corrected one may still supersede it.
ground-authorisation = An authorisation was withdrawn from before the act
ground-balance = The metal balance is out of date
ground-calibration = A calibration was voided from before the measurement
ground-contains = Material that the lot contains was rejected
ground-control = Quality control failed afterwards
ground-hold = The lot is held
ground-method = An edition of a method was withdrawn from before the measurement
ground-outdated = The lot does not conform by what is known now
ground-reference = A reference material lot was voided from before its use
ground-rejected = The lot was rejected
ground-result = A result was invalidated, retracted or corrected
field-as-of = As of
field-certificate-standing = Standing
page-check-current = This certificate is in force, as of { $as_of }.
page-check-no-leave = This certificate is in force, as of { $as_of }, and gives no leave to use the lot: read what it says was decided.
page-check-superseded = Superseded by { $by }: { $reason }
page-check-under-review = Under review, as of { $as_of }: { $reason }. Do not rely on it until the issuer has decided; then look here again.
page-check-withdrawn = Withdrawn: { $reason }. Do not use it.
page-certificate-confirmed = Confirmed on { $at } by { $by }: { $reason }
page-certificate-under-review = Under review: something this certificate rests on has fallen. Whoever checks it is told so now. It is confirmed by a second person, withdrawn, or superseded.
page-certificate-unprintable = This certificate was issued and can never be printed: no font has { $what }. Supersede it with a text that can be printed, or put a font that has these characters into the folder fonts of the data folder and start again.
page-certificate-withdrawn = Withdrawn on { $at }: { $reason }
state-certificate-under-review = under review
state-certificate-withdrawn = withdrawn
today-certificates-under-review = Certificates under review
refusal-certificate-told-otherwise = The results of { $lot } come to something else today than it was released upon: { $what }.
    .rule = A certificate states what was decided, and no figure that later results contradict.
    .remedy = Release the lot again upon what is known now; a part that was split off is sampled and released by itself.
refusal-certificate-ground-gone = { $record } no longer stands, and { $act } rests on it.
    .rule = A certificate is issued upon grounds that stand.
    .remedy = Measure or sign again and release the lot again, or find another way to that figure.
refusal-certificate-unprintable = No font has { $character } ({ $code }) in { $field }; there are { $number } such characters.
    .rule = A certificate can be printed, every character of it.
    .remedy = Write it in other characters, or put a font that has it into the folder fonts of the data folder and start again.
refusal-certificate-not-typeset = It cannot be typeset: { $why }
    .rule = A certificate is typeset before it is issued.
    .remedy = Write the text it names in other characters.
refusal-certificate-dossier-wrong = Its dossier would not hold: { $why }
    .rule = A certificate is issued only when its dossier passes our own verifier.
    .remedy = Mend what is named, then issue it again.
refusal-certificate-already-withdrawn = { $certificate } was withdrawn before.
    .rule = A certificate is withdrawn once.
    .remedy = Supersede it, if there is a right one to take its place.
refusal-certificate-not-under-review = { $certificate } is in force: there is nothing to confirm.
    .rule = A review is ended when there is one.
    .remedy = Nothing needs to be done.
refusal-certificate-ground-not-sound = { $record } fell, and nothing that was found can mend that.
    .rule = A void result stays void; a held or rejected lot is decided on by itself.
    .remedy = Lift the hold, or withdraw or supersede the certificate.
refusal-certificate-own = Whoever signed { $certificate } does not end its review.
    .rule = A certificate in doubt is looked at by a second person.
    .remedy = Ask another quality manager.

# What a field is for, where its label does not say it.
field-certificate-supersede-certificate =
    .hint = The certificate to be superseded.
field-specification-issue-version-edition =
    .hint = The edition's name: 2023, BH-3.
field-specification-issue-version-in-force-from =
    .hint = From when it is in force.
field-specification-define-material =
    .hint = The material it is for.
field-specification-issue-version-party =
    .hint = The customer whose edition it is; left out, it is for everybody.
field-hold-lift-reason =
    .hint = Why it is lifted: what was found.
field-gate-override-reason =
    .hint = Why it may pass nevertheless.
field-gate-override-valid-until =
    .hint = Until when, at most a year.

# The gate at every door, exceptions, inherited rejection, recall.
command-lot-allow = Let a lot pass by exception
    .about = Let a lot pass a door that is shut to it, until an instant and with a reason. Another person then moves it. What comes up later shuts the door again.
command-exception-count = Count an exception
command-release-outdate = Put a release out of date
command-rejection-spread = Spread rejection
gate-rejected = Nothing in it was rejected
gate-ship = Leaves by exception
gate-consign = Given out of hand by exception
gate-blend = Blended by exception
gate-product = Processed by exception
field-door = Door
choice-door-ship = Leaves for a customer or supplier
choice-door-consign = Given to a carrier, toll treater or laboratory
choice-door-certificate = Certificate
choice-door-product = Goes into a process that leads to product
choice-door-process = Goes into a process that leaves only waste
choice-door-blend = Goes into a blend
choice-door-composite = Goes into a composite sample
choice-door-split = Is split
choice-door-rework = Is reworked
field-lot-allow-lot =
    .hint = The lot that is to pass.
field-lot-allow-door =
    .hint = Which way it goes: ship, consign, blend, or product.
field-lot-allow-party =
    .hint = To whom, where it leaves the house.
field-lot-allow-mass-kg-wet =
    .hint = Wet mass it is for, kg; as much as there is when left out.
field-lot-allow-reason =
    .hint = Why it may pass nevertheless.
field-lot-allow-valid-until =
    .hint = Until when, at most a year.
field-of-at-most = For at most
column-received = Received
column-left = In stock
column-share-of-it = Share of it
column-of-it-wet = Of it, wet
column-of-it-dry = Of it, dry
page-recall-told = Who must be told
page-recall-left = Left in stock
empty-recall-told = Nobody received any of it
empty-recall-left = Nothing of it is left
page-release-exceptions = Exceptions
page-release-allow = Let it pass a door by exception
state-lot-allowed = may pass by exception
state-lot-released-with = released with the lot it was split off
remedy-gate-override = Answer for it
remedy-lot-release = Release the lot
refusal-release-rejected = { $lot } contains rejected material: { $what }.
    .rule = Nothing in a lot was rejected, or a second person answers for it. Only rework makes a new lot.
    .remedy = Rework it, or have the check overridden by a second person with a reason.
refusal-gate-rejected = { $lot } { $door ->
        [ship] does not leave
        [consign] is not given out of hand
        [certificate] gets no certificate
        [blend] does not go into a blend
       *[product] does not go into a process that leads to product
    }: it was rejected by { $on } ({ $what }).
    .rule = What was rejected, and everything split off it, is kept from use and delivery. It may be returned to its supplier, go to a toll treater, or be reworked.
    .remedy = Rework it, or have a second person let it pass by exception with reason and expiry.
refusal-gate-held = { $lot } { $door ->
        [ship] does not leave
        [consign] is not given out of hand
        [certificate] gets no certificate
        [blend] does not go into a blend
       *[product] does not go into a process that leads to product
    }: it is held ({ $what }).
    .rule = What is in doubt is kept from use and delivery until the doubt is resolved. It may be returned to its supplier or go to a laboratory.
    .remedy = Have the hold lifted, or have a second person let it pass by exception with reason and expiry.
refusal-gate-contains-rejected = { $lot } { $door ->
        [certificate] gets no certificate
       *[ship] does not leave
    }: it contains rejected material that nobody answered for ({ $what }).
    .rule = Rejected material in a lot is answered for by a second person before the lot leaves.
    .remedy = Have the check “rejected” overridden by a second person and release the lot, rework it, or have it let pass by exception.
refusal-gate-withdrawn = { $lot } does not leave: its release no longer stands ({ $what }).
    .rule = A release stands as long as everything it was decided on does: its checks are asked again at the door, and an exception answers until it ends.
    .remedy = Mend what fails, release the lot again upon what is known now, or have a second person let it pass by exception.
refusal-gate-not-released = { $lot } does not leave: it is not released, and its material, or what it was made of, is released by a specification ({ $what }).
    .rule = A lot leaves for a customer after it was released. It may be returned to its supplier, go to a toll treater or to a laboratory.
    .remedy = Release the lot, or have a second person let it pass by exception with reason and expiry.
refusal-gate-other-customer = { $lot } does not leave for this customer: its release { $what } is for another customer, or by an edition that is no longer theirs.
    .rule = A lot is released for the customer it goes to, by the customer's own edition where there is one; a concession is for one customer only.
    .remedy = Release the lot for this customer, or have a second person let it pass by exception.
refusal-gate-own-exception = { $exception } was granted by whoever now uses it.
    .rule = An exception takes two people: one answers for it, another moves the lot.
    .remedy = Ask somebody else to move the lot, or to grant the exception.
refusal-gate-exception-spent = { $exception } is for { $left } kg more, and { $asked } kg are asked.
    .rule = An exception is for the mass it states.
    .remedy = Take less, or have another exception granted.
refusal-gate-nothing-to-rework = { $lot } is neither rejected nor held.
    .rule = Only what was rejected, is held or contains rejected material is reworked; everything else is processed.
    .remedy = Process it, or have it rejected first.
refusal-gate-no-exception = There is nothing to answer for when { $lot } passes here ({ $door }).
    .rule = An exception answers for something that stands in the way at a door that opens by exception.
    .remedy = Move the lot, or name the door that is shut to it.
refusal-gate-no-party = An exception for a lot that leaves says to whom.
    .rule = Whoever answers for a delivery knows who receives it.
    .remedy = Name the party.
# Several samples, several results, and what is reported of them.
field-samples = Several samples
    .hint = What several samples of a lot come to; left out, the worst against a limit, and each where there is none.
field-repeats = Several results of a sample
    .hint = What duplicates and retests of one sample come to; left out, the worst against a limit.
field-reporting-limit = Reporting limit
sample-rule-mean = mean of { $n } samples
sample-rule-worst = worst of { $n } samples
sample-rule-each = each of { $n } samples
sample-rule-by-increment = mean of { $n } samples by their mass
sample-rule-repeats = worst of several results
choice-samples-mean = mean
choice-samples-worst = worst
choice-samples-each = each
choice-samples-by-increment = mean by mass of the increments
choice-repeats-mean = mean
choice-repeats-worst = worst
choice-unsaid = not stated
column-of-samples = Samples
reason-moisture = the moisture of the sample cannot be, contradicts itself, or leaves it open
reason-part-of-element = what was found is a part of the element, or stands beside one
reason-mass-missing = samples are not weighed alike
mark-estimated = estimated
next-look-at-hold = Look at the hold
field-specification-issue-version-items-places = Places rounded to
page-release-stopped = What stops it at the door
gate-standing-rejected = It is rejected
gate-standing-held = It is held
gate-standing-contains-rejected = It contains rejected material
gate-standing-withdrawn = Its release no longer stands
gate-standing-not-released = It is not released
gate-standing-other-customer = Its release is for another customer, or by an edition that is no longer theirs
gate-standing-released = Released
gate-standing-clear = Nothing asks for a release
page-release-otherwise = Results come to other figures today than the lot was released upon ({ $items }): it is released again before it is certified.
