//! Parts of a zipped workbook, inflated under limits: sizes stated in the archive are never believed.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::error::{IntakeError, Limits, Trouble};

pub(crate) struct Parts<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    pub limits: &'a Limits,
    inflated: u64,
}

pub(crate) fn damaged(part: &str, detail: impl std::fmt::Display) -> IntakeError {
    let detail = detail.to_string();
    let problem = format!("the workbook is damaged in {part}: {detail}");
    let remedy = "Copy the file again, or save it again in its program";
    let error = IntakeError::new(Trouble::Malformed, problem, remedy);
    error.code("damaged").fact("part", part).fact("detail", detail)
}

impl<'a> Parts<'a> {
    pub fn open(bytes: &'a [u8], limits: &'a Limits) -> Result<Self, IntakeError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged("its directory", error))?;
        Ok(Self { archive, limits, inflated: 0 })
    }

    pub fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// Streams one part through `read`, counting what it inflates to.
    pub fn with<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Xml<'_>) -> Result<T, IntakeError>,
    ) -> Result<T, IntakeError> {
        let limits = self.limits;
        let file = self.archive.by_name(name).map_err(|error| damaged(name, error))?;
        let packed = file.compressed_size().max(1);
        let by_ratio = (packed.saturating_mul(limits.ratio)).max(16 << 20);
        let allowed = limits.inflated.saturating_sub(self.inflated).min(by_ratio);
        let event = Cell::new(0);
        let mut bounded = Bounded {
            inner: file,
            left: allowed,
            exceeded: false,
            event: &event,
            most: limits.event_bytes(),
        };
        let mut xml = Xml {
            reader: Reader::from_reader(Box::new(BufReader::with_capacity(1 << 16, &mut bounded))),
            part: name.to_owned(),
            buffer: Vec::new(),
            limits,
            event: &event,
        };
        let outcome = read(&mut xml);
        drop(xml);
        self.inflated += allowed - bounded.left;
        if event.get() > limits.event_bytes() {
            let problem = format!("one text in {name} has more than {} MiB", limits.event_bytes() >> 20);
            let remedy = "This is a zip bomb or no instrument export; nothing was read";
            let error = IntakeError::new(Trouble::TooLarge, problem, remedy);
            return Err(error.code("long-text").fact("part", name).fact("mib", limits.event_bytes() >> 20));
        }
        if bounded.exceeded {
            let problem = format!("{name} inflates to more than {} MiB", allowed >> 20);
            let remedy = "This is a zip bomb or no instrument export; nothing was read";
            let error = IntakeError::new(Trouble::TooLarge, problem, remedy);
            return Err(error.code("inflates").fact("part", name).fact("mib", allowed >> 20));
        }
        outcome
    }
}

struct Bounded<'e, R> {
    inner: R,
    left: u64,
    exceeded: bool,
    /// Bytes read since the last XML event: all of them are held in memory.
    event: &'e Cell<u64>,
    most: u64,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            // one more byte tells an exact fit from too much
            let more = self.inner.read(&mut [0; 1])?;
            self.exceeded = more > 0;
            return Ok(0);
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let count = self.inner.read(&mut buffer[..most])?;
        self.left -= count as u64;
        self.event.set(self.event.get() + count as u64);
        if self.event.get() > self.most {
            return Err(std::io::Error::other("one text in it is too large"));
        }
        Ok(count)
    }
}

/// A small pull reader over one part.
pub(crate) struct Xml<'a> {
    reader: Reader<Box<dyn BufRead + 'a>>,
    part: String,
    buffer: Vec<u8>,
    pub limits: &'a Limits,
    event: &'a Cell<u64>,
}

/// What a workbook reader needs to know of an XML event. Names are local names.
#[derive(Debug)]
pub(crate) enum Mark {
    Open(String, BTreeMap<String, String>),
    Close(String),
    Text(String),
    End,
}

impl Xml<'_> {
    /// Next event. Attributes are read only for the elements `wanted` names, which keeps emptiness cheap.
    /// An element without content gives Open and Close.
    pub fn next(&mut self, pending: &mut Option<String>, wanted: &[&str]) -> Result<Mark, IntakeError> {
        if let Some(name) = pending.take() {
            return Ok(Mark::Close(name));
        }
        self.buffer.clear();
        self.event.set(0);
        let part = self.part.clone();
        let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| damaged(&part, error))?;
        Ok(match event {
            Event::Start(start) => Mark::Open(local(&start), attributes(&start, wanted, &part)?),
            Event::Empty(start) => {
                *pending = Some(local(&start));
                Mark::Open(local(&start), attributes(&start, wanted, &part)?)
            }
            Event::End(end) => Mark::Close(end.local_name().as_ref().to_owned()),
            Event::Text(text) => Mark::Text(text.xml10_content().into_owned()),
            Event::CData(text) => Mark::Text(text.xml10_content().into_owned()),
            Event::GeneralRef(reference) => Mark::Text(resolve(&reference)),
            Event::Eof => Mark::End,
            _ => Mark::Text(String::new()),
        })
    }

    pub fn cut_off(&self) -> IntakeError {
        damaged(&self.part, "it ends too early")
    }
}

fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return letter.to_string();
    }
    let name = reference.xml10_content();
    match quick_xml::escape::resolve_predefined_entity(&name) {
        Some(text) => text.to_owned(),
        None => format!("&{name};"),
    }
}

fn local(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_owned()
}

fn attributes(
    start: &BytesStart<'_>,
    wanted: &[&str],
    part: &str,
) -> Result<BTreeMap<String, String>, IntakeError> {
    let mut out = BTreeMap::new();
    if !wanted.contains(&start.local_name().as_ref()) {
        return Ok(out);
    }
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| damaged(part, error))?;
        let value = attribute
            .normalized_value(quick_xml::XmlVersion::Implicit1_0)
            .map_err(|error| damaged(part, error))?;
        out.insert(attribute.key.local_name().as_ref().to_owned(), value.into_owned());
    }
    Ok(out)
}
