//! Variables: what they hold, who read them, and who is woken when they hold more.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use crate::link::infer::{Inference, Spot};
use crate::link::value::{ValueId, Values, Var, insert};

/// A variable that holds more values than this says nothing any more and stops growing.
const MOST_VALUES: usize = 24;
/// A list that is written out holds what it holds, up to this size.
const MOST_LISTED: usize = 2048;

#[derive(Default)]
pub(crate) struct VarState {
    pub(crate) values: Values,
    readers: SmallVec<[u32; 4]>,
    /// The same once they are many, to find one fast.
    reader_set: Option<Box<FxHashSet<u32>>>,
    /// Production code gave it a meaning, to which tests add nothing.
    pub(super) settled: bool,
    /// Holds a list that is written out.
    pub(crate) listed: bool,
    /// Expressions assigned to it, for following texts.
    pub(super) sources: SmallVec<[Spot; 1]>,
    /// Work that followed them, sorted.
    text_readers: Vec<u32>,
}

/// More readers than this are looked up in a set.
const FEW_READERS: usize = 24;
/// Places that give a variable its value; a wrapper that all statements go through has hundreds.
const MOST_SOURCES: usize = 1_024;
/// Sources beyond these are only looked at when all values are known.
const FEW_SOURCES: usize = 64;

impl VarState {
    fn add_reader(&mut self, reader: u32) {
        if let Some(set) = &mut self.reader_set {
            if set.insert(reader) {
                self.readers.push(reader);
            }
        } else if !self.readers.contains(&reader) {
            self.readers.push(reader);
            if self.readers.len() > FEW_READERS {
                self.reader_set = Some(Box::new(self.readers.iter().copied().collect()));
            }
        }
    }
}

/// A variable that holds nothing yet.
pub(super) fn new_var(vars: &mut Vec<VarState>) -> Var {
    vars.push(VarState::default());
    Var(vars.len() as u32 - 1)
}

impl Inference<'_> {
    pub(crate) fn read(&mut self, var: Var) -> Values {
        let state = &mut self.vars[var.0 as usize];
        if self.current != u32::MAX && state.readers.last() != Some(&self.current) {
            state.add_reader(self.current);
        }
        state.values.clone()
    }

    pub(crate) fn add(&mut self, var: Var, value: ValueId) {
        self.add_all(var, &[value]);
    }

    pub(crate) fn add_all(&mut self, var: Var, values: &[ValueId]) {
        let state = &mut self.vars[var.0 as usize];
        if self.tests_run && state.settled {
            return;
        }
        let most = if state.listed { MOST_LISTED } else { MOST_VALUES };
        let mut is_new = false;
        for value in values {
            is_new |= state.values.len() < most && insert(&mut state.values, *value);
        }
        if is_new {
            self.wake_readers(var);
        }
    }

    /// Queues what read a variable.
    pub(super) fn wake_readers(&mut self, var: Var) {
        wake(&self.vars[var.0 as usize].readers, &mut self.queued, &mut self.queue);
    }

    pub(crate) fn add_source(&mut self, var: Var, spot: Spot) {
        if self.tests_run && self.vars[var.0 as usize].settled {
            return;
        }
        let sources = &mut self.vars[var.0 as usize].sources;
        if sources.len() < MOST_SOURCES && !sources.contains(&spot) {
            sources.push(spot);
            if sources.len() <= FEW_SOURCES {
                wake(&self.vars[var.0 as usize].text_readers, &mut self.queued, &mut self.queue);
            }
        }
    }

    /// Expressions assigned to a variable; whoever asks is woken by one more.
    pub(crate) fn sources(&mut self, var: Var) -> SmallVec<[Spot; 1]> {
        let state = &mut self.vars[var.0 as usize];
        if self.current != u32::MAX
            && let Err(at) = state.text_readers.binary_search(&self.current)
        {
            state.text_readers.insert(at, self.current);
        }
        state.sources.clone()
    }
}

fn wake(readers: &[u32], queued: &mut [bool], queue: &mut VecDeque<u32>) {
    queue.extend(readers.iter().filter(|it| !std::mem::replace(&mut queued[**it as usize], true)));
}
