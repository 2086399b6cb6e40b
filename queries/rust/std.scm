; The standard library and the crates that stand in for parts of it (tokio, parking_lot, once_cell, futures, anyhow).
; Types that stand for what they hold, containers, and calls that run or hand on their argument.
; Known misses: closures kept in fields, channels, iterator chains that change their elements.

; What wraps a value without hiding it.
(stub ["Option" "Result" "Box" "std::option::Option" "std::result::Result" "core::option::Option" "core::result::Result"
       "std::boxed::Box" "anyhow::Result" "eyre::Result" "color_eyre::Result" "color_eyre::eyre::Result" "std::io::Result"
       "tokio::io::Result" "miette::Result" "serde_json::Result" "error_stack::Result" "tonic::Result"]
  wraps: 0)
(stub ["std::sync::Arc" "std::sync::Weak" "std::rc::Rc" "std::rc::Weak" "alloc::sync::Arc" "std::pin::Pin" "std::borrow::Cow"
       "std::cell::Cell" "std::cell::RefCell" "std::cell::OnceCell" "std::cell::LazyCell" "std::cell::Ref" "std::cell::RefMut"
       "std::mem::ManuallyDrop" "arc_swap::ArcSwap" "arc_swap::ArcSwapAny" "triomphe::Arc"]
  wraps: 0)
(stub ["std::sync::Mutex" "std::sync::RwLock" "std::sync::OnceLock" "std::sync::LazyLock" "std::sync::MutexGuard"
       "std::sync::RwLockReadGuard" "std::sync::RwLockWriteGuard"
       "tokio::sync::Mutex" "tokio::sync::RwLock" "tokio::sync::OnceCell" "tokio::sync::MutexGuard"
       "tokio::sync::OwnedMutexGuard" "tokio::sync::RwLockReadGuard" "tokio::sync::RwLockWriteGuard"
       "parking_lot::Mutex" "parking_lot::RwLock" "parking_lot::ReentrantMutex" "parking_lot::MutexGuard"
       "futures::lock::Mutex" "async_std::sync::Mutex" "async_std::sync::RwLock" "async_lock::Mutex" "async_lock::RwLock"
       "once_cell::sync::Lazy" "once_cell::sync::OnceCell" "once_cell::unsync::Lazy" "once_cell::unsync::OnceCell"]
  wraps: 0)
(stub ["Into" "AsRef" "Borrow" "Deref" "DerefMut" "From" "TryInto" "std::borrow::Borrow" "std::convert::Into" "std::convert::AsRef"
       "std::ops::Deref" "std::ops::DerefMut" "std::future::Future" "futures::Future" "futures::future::BoxFuture"
       "futures::future::LocalBoxFuture" "tokio::task::JoinHandle" "std::thread::JoinHandle"]
  wraps: 0)

; Containers.
(stub ["[]" "Vec" "std::vec::Vec" "std::collections::VecDeque" "std::collections::HashSet" "std::collections::BTreeSet"
       "std::collections::BinaryHeap" "std::collections::LinkedList" "smallvec::SmallVec" "indexmap::IndexSet"
       "Iterator" "IntoIterator" "DoubleEndedIterator" "ExactSizeIterator" "std::iter::Iterator" "std::iter::IntoIterator"
       "futures::Stream" "futures::stream::Stream" "futures::stream::BoxStream" "tokio_stream::Stream"
       "tokio::sync::mpsc::Receiver" "std::sync::mpsc::Receiver"]
  holds: 0)
(stub ["std::collections::HashMap" "std::collections::BTreeMap" "dashmap::DashMap" "indexmap::IndexMap" "hashbrown::HashMap"]
  holds: 1)

(stub ["Vec::new" "Vec::with_capacity" "std::vec::Vec::new" "std::vec::Vec::with_capacity" "std::collections::VecDeque::new"
       "std::collections::HashSet::new" "std::collections::BTreeSet::new" "std::collections::HashMap::new"
       "std::collections::BTreeMap::new"] returns: arguments)

; Constructors that hand back what they are given.
(stub ["Box::new" "Box::pin" "Box::from" "std::boxed::Box::new" "std::boxed::Box::pin"
       "std::sync::Arc::new" "std::sync::Arc::clone" "std::sync::Arc::from" "std::rc::Rc::new" "std::rc::Rc::clone"
       "std::pin::Pin::new" "std::borrow::Cow::Borrowed" "std::borrow::Cow::Owned"
       "std::cell::Cell::new" "std::cell::RefCell::new"
       "std::sync::Mutex::new" "std::sync::RwLock::new" "std::sync::OnceLock::from"
       "tokio::sync::Mutex::new" "tokio::sync::RwLock::new" "tokio::sync::OnceCell::new_with"
       "parking_lot::Mutex::new" "parking_lot::RwLock::new" "futures::lock::Mutex::new"
       "async_std::sync::Mutex::new" "async_std::sync::RwLock::new" "async_lock::Mutex::new" "async_lock::RwLock::new"
       "arc_swap::ArcSwap::new" "arc_swap::ArcSwap::from_pointee" "std::convert::identity"
       "std::mem::take" "std::mem::replace" "std::future::ready" "futures::future::ready"]
  returns: argument[0])

; A file that the program includes stands for its path; link reads the statements of an `.sql` file.
(stub ["include_str!" "std::include_str!"] returns: argument[0])

; Values made on first use.
(stub ["std::sync::LazyLock::new" "std::cell::LazyCell::new" "once_cell::sync::Lazy::new" "once_cell::unsync::Lazy::new"
       "tokio::task::spawn_blocking" "actix_web::web::block" "std::thread::spawn"]
  returns: call[0])
(stub ["tokio::spawn" "tokio::task::spawn" "actix_web::rt::spawn" "actix_rt::spawn" "async_std::task::spawn"
       "async_std::task::block_on" "futures::executor::block_on" "tokio::runtime::Runtime::block_on" "tokio::runtime::Handle::block_on"
       "tokio::time::timeout_at"]
  returns: argument[0])
(stub "tokio::time::timeout" returns: argument[1])

; Calls that run the function they are given.
(call callee: [(name ["spawn" "spawn_blocking" "spawn_local" "block" "block_in_place"])
               (member name: ["spawn" "spawn_blocking" "spawn_local" "block" "block_in_place"])] @_spawn
  argument[0]: (_)
  (#is? @_spawn "std::thread::spawn" "tokio::spawn" "tokio::task::spawn" "tokio::task::spawn_blocking" "tokio::task::spawn_local"
    "tokio::task::block_in_place" "rayon::spawn" "async_std::task::spawn" "actix_web::rt::spawn" "actix_web::web::block")
  (#set! call.runs "argument[0]")) @call
