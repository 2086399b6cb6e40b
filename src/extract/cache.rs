//! Facts kept between runs: one file that only grows, each record with its own checksum.
//!
//! Why no database: a run reads most of the records and adds a few, so an append-only file does both with one system
//! call a record. A second run at the same time reads as well and merely adds nothing, where embedded databases lock
//! the whole file. What an interrupted run leaves is cut off, and any damage costs a record, never the answer.
//!
//! # Format
//! [`MAGIC`], then records: key (16 bytes), length of the payload (4, little endian), checksum of key, length and
//! payload (8), checksum of these 28 bytes (4), payload ([`Kept`] in postcard's encoding). Checksums and keys are the
//! first bytes of a BLAKE3 hash. A key covers the file's bytes and language, and the program itself, so that no record
//! survives an upgrade. Matches depend on rules and project as well: a stamp beside them says on which. Results of whole
//! runs (`results`) stand between the facts under keys of their own, in the encoding of whoever asks for them.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::model::diagnostic::Diagnostic;
use crate::model::fact::FileFacts;

const MAGIC: &[u8; 16] = b"seamline facts 1";
const HEADER_BYTES: u64 = 32;
/// Files below this size are never cleaned up.
const KEPT_BYTES: u64 = 256 << 20;
/// A larger file is cleaned up when this run used less than one part in so many of it.
const KEPT_SHARE: u64 = 4;

/// Names the facts of one content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key(pub(super) [u8; 16]);

impl Key {
    pub(super) fn of(hasher: &blake3::Hasher) -> Self {
        Self(first(&hasher.finalize()))
    }
}

/// What is kept of one file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Rules that the matches were made with.
    pub(super) stamp: [u8; 8],
    pub(super) facts: FileFacts,
}

impl Kept {
    /// Stamp of facts without matches.
    pub(super) const UNMATCHED: [u8; 8] = [0; 8];
}

/// Something about the cache that the user may want to know; the answer does not depend on it.
#[derive(Debug)]
pub(super) struct Note(String);

impl Note {
    pub(super) fn into_diagnostic(self) -> Diagnostic {
        Diagnostic::note("cache", "", 0, self.0)
    }
}

/// An open cache file.
pub(super) struct Cache {
    path: PathBuf,
    file: File,
    /// Hash state of everything but the file's own bytes.
    stamp: blake3::Hasher,
    records: FxHashMap<Key, Record>,
    /// Absent when another run is writing.
    appender: Option<Mutex<Appender>>,
    damaged: AtomicU32,
    /// Files below this size are never cleaned up.
    kept_bytes: u64,
    notes: Vec<Note>,
}

/// Where a payload stands, and whether this run asked for it.
struct Record {
    offset: u64,
    bytes: u32,
    checksum: [u8; 8],
    used: AtomicBool,
}

struct Appender {
    file: BufWriter<File>,
    /// Where this run's own records begin.
    start: u64,
    error: Option<io::Error>,
}

impl Cache {
    /// Opens or makes the file. An error is a reason to go on without a cache.
    pub(super) fn open(path: &Path) -> Result<Self, Note> {
        let fail = |error: &io::Error| {
            Note(format!("`{}` cannot be used ({error}); going on without a cache", path.display()))
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| fail(&error))?;
        }
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|error| fail(&error))?;
        let mut notes = Vec::new();
        let locked = match file.try_lock() {
            Ok(()) => true,
            Err(std::fs::TryLockError::WouldBlock) => {
                notes.push(Note("another run is using the cache, so what this run finds out is not kept".to_owned()));
                false
            }
            Err(std::fs::TryLockError::Error(error)) => return Err(fail(&error)),
        };
        let mut cache = Self {
            path: path.to_owned(),
            file,
            stamp: stamp(),
            records: FxHashMap::default(),
            appender: None,
            damaged: AtomicU32::new(0),
            kept_bytes: KEPT_BYTES,
            notes,
        };
        let end = cache.scan(locked).map_err(|error| fail(&error))?;
        if locked {
            cache.start_appending(end).map_err(|error| fail(&error))?;
        }
        Ok(cache)
    }

    /// Reads all headers; gives the end of the last whole record, 0 for a file that is not ours.
    fn scan(&mut self, locked: bool) -> io::Result<u64> {
        let length = self.file.metadata()?.len();
        if length == 0 {
            return Ok(0);
        }
        let mut reader = BufReader::new(&self.file);
        let mut magic = [0; MAGIC.len()];
        if length < MAGIC.len() as u64 || reader.read_exact(&mut magic).is_err() || &magic != MAGIC {
            if locked {
                self.notes.push(Note("the cache is damaged or of another version and is built anew".to_owned()));
            }
            return Ok(0);
        }
        let mut at = MAGIC.len() as u64;
        while at < length {
            let mut header = [0; HEADER_BYTES as usize];
            let whole = at + HEADER_BYTES <= length && reader.read_exact(&mut header).is_ok();
            let parsed = if whole { parse_header(&header) } else { None };
            let Some((key, bytes, checksum)) = parsed else { break };
            let next = at + HEADER_BYTES + u64::from(bytes);
            if next > length {
                break;
            }
            let record = Record { offset: at + HEADER_BYTES, bytes, checksum, used: AtomicBool::new(false) };
            self.records.insert(key, record);
            reader.seek_relative(i64::from(bytes))?;
            at = next;
        }
        // Without the lock the end may be a record that another run is writing just now.
        if at < length && locked {
            self.notes.push(Note("the end of the cache was damaged and is built anew".to_owned()));
        }
        Ok(at)
    }

    fn start_appending(&mut self, end: u64) -> io::Result<()> {
        self.file.set_len(end)?;
        let mut writer = self.file.try_clone()?;
        writer.seek(SeekFrom::Start(end))?;
        let mut file = BufWriter::with_capacity(1 << 20, writer);
        if end == 0 {
            file.write_all(MAGIC)?;
        }
        self.appender = Some(Mutex::new(Appender { file, start: end.max(MAGIC.len() as u64), error: None }));
        Ok(())
    }

    /// Key of a file's facts.
    pub(super) fn key(&self, language: &str, bytes: &[u8]) -> Key {
        let mut hasher = self.stamp.clone();
        hasher.update(language.as_bytes()).update(&[0]).update(bytes);
        Key::of(&hasher)
    }

    /// Facts kept under a key; nothing when they are damaged.
    pub(super) fn get(&self, key: &Key) -> Option<Kept> {
        let record = self.records.get(key)?;
        let facts = self.payload(key, record).and_then(|payload| postcard::from_bytes(&payload).ok());
        if facts.is_some() {
            record.used.store(true, Ordering::Relaxed);
        } else {
            self.damaged.fetch_add(1, Ordering::Relaxed);
        }
        facts
    }

    /// Whether facts were kept under a key before this run.
    pub(super) fn has(&self, key: &Key) -> bool {
        self.records.contains_key(key)
    }

    fn payload(&self, key: &Key, record: &Record) -> Option<Vec<u8>> {
        let mut payload = vec![0; record.bytes as usize];
        read_exact_at(&self.file, &mut payload, record.offset).ok()?;
        (checksum(key, &payload) == record.checksum).then_some(payload)
    }

    /// Bytes of a result kept under a key; nothing when they are damaged.
    pub(super) fn result(&self, key: &Key) -> Option<Vec<u8>> {
        self.payload(key, self.records.get(key)?)
    }

    /// Keeps facts. Problems of the disk show when the cache is closed.
    pub(super) fn put(&self, key: &Key, facts: &Kept) {
        self.put_shared(key, facts.stamp, &facts.facts);
    }

    /// As [`Self::put`], for facts that others hold as well.
    pub(super) fn put_shared(&self, key: &Key, stamp: [u8; 8], facts: &FileFacts) {
        // A tuple is written like a structure with these fields.
        if let Ok(payload) = postcard::to_stdvec(&(stamp, facts)) {
            self.append(key, &payload);
        }
    }

    /// Keeps a result and leaves cleaning up to a run that asks for facts.
    pub(super) fn put_result(mut self, key: &Key, payload: &[u8]) {
        self.append(key, payload);
        if let Some(appender) = self.appender.take() {
            let mut appender = appender.into_inner().unwrap_or_else(PoisonError::into_inner);
            // What is not written whole is cut off by the next run.
            let _ = appender.file.flush();
        }
    }

    fn append(&self, key: &Key, payload: &[u8]) {
        let Some(appender) = &self.appender else { return };
        let Ok(bytes) = u32::try_from(payload.len()) else { return };
        let header = header(key, bytes, checksum(key, payload));
        let mut appender = appender.lock().unwrap_or_else(PoisonError::into_inner);
        if appender.error.is_some() {
            return;
        }
        let written = appender.file.write_all(&header).and_then(|()| appender.file.write_all(payload));
        appender.error = written.err();
    }

    /// Writes out what was kept and cleans up a file that mostly holds what nobody asks for any more.
    pub(super) fn close(mut self) -> Vec<Note> {
        let mut notes = std::mem::take(&mut self.notes);
        let damaged = self.damaged.load(Ordering::Relaxed);
        if damaged > 0 {
            notes.push(Note(format!("{damaged} records of the cache were damaged and are built anew")));
        }
        let Some(appender) = self.appender.take() else { return notes };
        let mut appender = appender.into_inner().unwrap_or_else(PoisonError::into_inner);
        let flushed = appender.file.flush();
        if let Err(error) = appender.error.take().map_or(flushed, Err) {
            notes.push(Note(format!("`{}` could not be written ({error})", self.path.display())));
            return notes;
        }
        if let Err(error) = self.clean_up(appender.start) {
            notes.push(Note(format!("`{}` could not be cleaned up ({error})", self.path.display())));
        }
        notes
    }

    /// Replaces a large file that mostly holds what nobody asks for any more by one with this run's records only.
    fn clean_up(&self, start: u64) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        let mut used: Vec<(&Key, &Record)> =
            self.records.iter().filter(|(_, record)| record.used.load(Ordering::Relaxed)).collect();
        used.sort_unstable_by_key(|(_, record)| record.offset);
        let used_bytes: u64 = used.iter().map(|(_, record)| HEADER_BYTES + u64::from(record.bytes)).sum();
        if length < self.kept_bytes || used_bytes + (length - start) > length / KEPT_SHARE {
            return Ok(());
        }
        let fresh = self.path.with_extension("new");
        let mut writer = BufWriter::with_capacity(1 << 20, File::create(&fresh)?);
        writer.write_all(MAGIC)?;
        for (key, record) in used {
            if let Some(payload) = self.payload(key, record) {
                writer.write_all(&header(key, record.bytes, record.checksum))?;
                writer.write_all(&payload)?;
            }
        }
        let mut own = self.file.try_clone()?;
        own.seek(SeekFrom::Start(start))?;
        io::copy(&mut own, &mut writer)?;
        writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        // A run that still has the old file open goes on reading that one.
        std::fs::rename(&fresh, &self.path)
    }
}

/// What every key begins with.
pub(super) fn stamp() -> blake3::Hasher {
    let mut hasher = blake3::Hasher::new();
    hasher.update(MAGIC).update(env!("CARGO_PKG_VERSION").as_bytes()).update(program().as_bytes());
    hasher
}

/// Hash of the program's own bytes: a build with another parser in it is another program, whatever its version says.
pub(super) fn program() -> &'static blake3::Hash {
    static PROGRAM: OnceLock<blake3::Hash> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let mut hasher = blake3::Hasher::new();
        if let Ok(program) = std::env::current_exe().and_then(File::open) {
            let _ = hasher.update_reader(program);
        }
        hasher.finalize()
    })
}

fn first<const N: usize>(hash: &blake3::Hash) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&hash.as_bytes()[..N]);
    bytes
}

fn checksum(key: &Key, payload: &[u8]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&key.0).update(payload);
    first(&hasher.finalize())
}

fn header(key: &Key, bytes: u32, checksum: [u8; 8]) -> [u8; HEADER_BYTES as usize] {
    let mut header = [0; HEADER_BYTES as usize];
    header[..16].copy_from_slice(&key.0);
    header[16..20].copy_from_slice(&bytes.to_le_bytes());
    header[20..28].copy_from_slice(&checksum);
    let own: [u8; 4] = first(&blake3::hash(&header[..28]));
    header[28..].copy_from_slice(&own);
    header
}

fn parse_header(bytes: &[u8; HEADER_BYTES as usize]) -> Option<(Key, u32, [u8; 8])> {
    let key = Key(bytes[..16].try_into().ok()?);
    let length = u32::from_le_bytes(bytes[16..20].try_into().ok()?);
    let checksum = bytes[20..28].try_into().ok()?;
    (header(&key, length, checksum) == *bytes).then_some((key, length, checksum))
}

#[cfg(unix)]
fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, buffer, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buffer = &mut buffer[read..];
        offset += read as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(lines: u32) -> Kept {
        Kept { stamp: [7; 8], facts: FileFacts { lines, ..FileFacts::default() } }
    }

    #[test]
    fn records_are_kept_by_content_and_language() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/cache");
        let cache = Cache::open(&path).expect("a cache");
        let (a, b) = (cache.key("go", b"a"), cache.key("go", b"b"));
        assert_ne!(a, cache.key("python", b"a"));
        cache.put(&a, &facts(1));
        cache.put(&b, &facts(2));
        assert_eq!(cache.get(&a), None, "what this run put is for the next one");
        assert!(cache.close().is_empty());

        let cache = Cache::open(&path).expect("a cache");
        assert_eq!(cache.get(&a), Some(facts(1)));
        assert_eq!(cache.get(&cache.key("go", b"c")), None);
        drop(cache);
    }

    #[test]
    fn cleaning_up_keeps_what_the_run_used_and_added() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("cache");
        let cache = Cache::open(&path).expect("a cache");
        let keys: Vec<Key> = (0..100_u32).map(|number| cache.key("go", &number.to_le_bytes())).collect();
        for (key, lines) in keys.iter().zip(0..) {
            cache.put(key, &facts(lines));
        }
        cache.close();
        let before = std::fs::metadata(&path).expect("a file").len();
        let mut cache = Cache::open(&path).expect("a cache");
        cache.kept_bytes = 0;
        assert_eq!(cache.get(&keys[7]), Some(facts(7)));
        let added = cache.key("go", b"added");
        cache.put(&added, &facts(1000));
        assert!(cache.close().is_empty());
        let after = std::fs::metadata(&path).expect("a file").len();
        assert!(after < before / 10, "{after} of {before} bytes are left");
        let cache = Cache::open(&path).expect("a cache");
        assert_eq!(cache.get(&keys[7]), Some(facts(7)));
        assert_eq!(cache.get(&added), Some(facts(1000)));
        assert_eq!(cache.get(&keys[8]), None);
    }

    #[test]
    fn a_second_run_reads_and_adds_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("cache");
        let first = Cache::open(&path).expect("a cache");
        let key = first.key("go", b"a");
        first.put(&key, &facts(1));
        first.close();
        let first = Cache::open(&path).expect("a cache");
        let second = Cache::open(&path).expect("a cache");
        assert_eq!(second.get(&key), Some(facts(1)));
        second.put(&second.key("go", b"b"), &facts(2));
        let notes = second.close();
        assert!(notes[0].0.starts_with("another run is using the cache"), "{notes:?}");
        assert!(first.close().is_empty());
        let third = Cache::open(&path).expect("a cache");
        assert_eq!(third.records.len(), 1);
    }

    #[test]
    fn damage_costs_records_and_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("cache");
        let cache = Cache::open(&path).expect("a cache");
        let keys: Vec<Key> = (0..3_u8).map(|number| cache.key("go", &[number])).collect();
        for (key, lines) in keys.iter().zip(1..) {
            cache.put(key, &facts(lines));
        }
        cache.close();
        let whole = std::fs::read(&path).expect("bytes");
        for at in 0..whole.len() {
            let mut broken = whole.clone();
            broken[at] ^= 0x55;
            std::fs::write(&path, &broken).expect("written");
            let cache = Cache::open(&path).expect("a cache");
            let found: Vec<Option<Kept>> = keys.iter().map(|key| cache.get(key)).collect();
            for (facts_found, lines) in found.iter().zip(1..) {
                assert!(facts_found.is_none() || *facts_found == Some(facts(lines)), "byte {at}");
            }
            assert!(found.contains(&None), "byte {at} is covered by a checksum");
            assert!(!cache.close().is_empty(), "byte {at} is told of");
        }
        for length in 0..whole.len() {
            std::fs::write(&path, &whole[..length]).expect("written");
            let cache = Cache::open(&path).expect("a cache");
            let last = keys[2];
            assert_eq!(cache.get(&last), None);
            cache.put(&last, &facts(3));
            cache.close();
            assert_eq!(Cache::open(&path).expect("a cache").get(&last), Some(facts(3)), "cut to {length}");
        }
    }

    #[test]
    fn a_place_that_cannot_be_written_is_a_note() {
        let folder = tempfile::tempdir().expect("a folder");
        let note = Cache::open(folder.path()).err().expect("a folder is no cache file");
        assert!(note.0.ends_with("going on without a cache"), "{}", note.0);
    }
}
