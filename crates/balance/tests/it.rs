//! The balance through its public face.

mod it {
    mod bad_input;
    mod bounds;
    mod cases;
    mod explain;
    mod honesty;
    mod oracle;
    mod plant;
    mod properties;
    mod sets;
    mod shares;
    mod sheets;
    mod sound;
    mod suspects;
    mod units;
}
