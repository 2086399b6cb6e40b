; Python's own library: types that wrap or hold others, and calls that hand something on.
; Covers typing, collections.abc, functools, contextlib, copy, dataclasses, weakref, textwrap, concurrent.futures,
; asyncio, threading, multiprocessing. Known misses: functools.singledispatch, TypeVar bounds.

(stub ["typing.ClassVar" "typing.Final" "typing.Annotated" "typing.Required" "typing.NotRequired" "typing.ReadOnly" "typing.TypeGuard"
       "typing_extensions.Annotated" "typing_extensions.Final" "typing_extensions.ClassVar" "typing_extensions.Required"
       "typing_extensions.NotRequired" "typing.Optional"] wraps: 0)
(stub ["typing.Type" "builtins.type" "type"] names: 0)
(stub ["typing.Awaitable" "typing.AsyncContextManager" "typing.ContextManager" "collections.abc.Awaitable"
       "contextlib.AbstractContextManager" "contextlib.AbstractAsyncContextManager" "asyncio.Future" "asyncio.Task"] wraps: 0)
(stub ["typing.Coroutine" "collections.abc.Coroutine"] wraps: 2)
(stub ["typing.List" "typing.Set" "typing.FrozenSet" "typing.Sequence" "typing.MutableSequence" "typing.Iterable" "typing.Iterator"
       "typing.Collection" "typing.Generator" "typing.AsyncGenerator" "typing.AsyncIterator" "typing.AsyncIterable" "typing.Tuple"
       "typing.Deque" "typing.AbstractSet"
       "collections.abc.Sequence" "collections.abc.MutableSequence" "collections.abc.Iterable" "collections.abc.Iterator"
       "collections.abc.Collection" "collections.abc.Generator" "collections.abc.AsyncGenerator" "collections.abc.AsyncIterator"
       "collections.abc.AsyncIterable" "collections.abc.Set" "collections.deque"
       "list" "set" "frozenset" "tuple"] holds: 0)
(stub ["typing.Dict" "typing.Mapping" "typing.MutableMapping" "typing.DefaultDict" "typing.OrderedDict" "collections.abc.Mapping"
       "collections.abc.MutableMapping" "collections.defaultdict" "collections.OrderedDict" "dict"] holds: 1)

; What a mapping with declared fields has under a key.
(stub ["typing.TypedDict.[]" "typing.TypedDict.get" "typing_extensions.TypedDict.[]" "typing_extensions.TypedDict.get"] returns: member)
(stub ["typing.cast" "typing_extensions.cast"] returns: instance[0])
; `wraps(function)(wrapper)` is the wrapper, `@wraps(function)` leaves what it stands on as it is.
(stub "functools.wraps" returns: "functools.Wraps")
(stub "functools.Wraps.()" returns: argument[0])
(stub ["typing.assert_type" "functools.lru_cache" "functools.cache" "functools.update_wrapper" "copy.copy" "copy.deepcopy"
       "weakref.proxy" "textwrap.dedent" "inspect.cleandoc" "dataclasses.dataclass" "dataclasses.replace" "contextlib.closing"
       "contextlib.contextmanager" "contextlib.asynccontextmanager" "contextlib.nullcontext" "abc.abstractmethod" "typing.final" "typing.override"
       "builtins.iter" "builtins.enumerate" "enumerate" "iter" "asyncio.shield" "asyncio.ensure_future" "asyncio.create_task" "asyncio.run"] returns: argument[0])
(stub ["builtins.list" "builtins.tuple" "builtins.set" "builtins.frozenset" "builtins.sorted" "builtins.reversed" "list" "tuple" "set" "frozenset" "sorted" "reversed"
       "collections.defaultdict" "collections.deque"]
  returns: list[0])
(stub ["builtins.dict" "dict" "collections.OrderedDict"] returns: pairs[0])
(stub ["asyncio.wait_for"] returns: argument[0])
(stub ["functools.partial" "functools.partialmethod"] returns: given[0])

; Executors and threads run what they are given.
((call callee: (_) @_run [keyword[target]: (_) keyword[function]: (_)]) @call
  (#is? @_run "threading.Thread" "threading.Timer" "multiprocessing.Process")
  (#set! call.runs "keyword[target]"))
((call callee: (_) @_run argument[1]: (_)) @call
  (#is? @_run "threading.Timer")
  (#set! call.runs "argument[1]"))
((call receiver: (_) @_pool method: ["submit" "map" "apply" "apply_async" "imap" "imap_unordered" "starmap" "call_soon_threadsafe"] argument[0]: (_)) @call
  (#type? @_pool "concurrent.futures.*" "multiprocessing.Pool" "multiprocessing.pool.*")
  (#set! call.runs "argument[0]"))
((call receiver: (_) @_loop method: "run_in_executor" argument[1]: (_)) @call
  (#set! call.runs "argument[1]"))
((call callee: (_) @_run argument[0]: (_)) @call
  (#is? @_run "asyncio.to_thread" "anyio.to_thread.run_sync" "functools.partial" "builtins.map" "builtins.filter" "map" "filter"
              "atexit.register" "contextlib.ExitStack.callback" "starlette.concurrency.run_in_threadpool" "fastapi.concurrency.run_in_threadpool")
  (#set! call.runs "argument[0]"))
(stub ["max" "min" "next" "random.choice"] returns: element)
; Modules, classes and functions by their dotted names.
(stub ["importlib.import_module" "pkgutil.resolve_name" "pydoc.locate"
       "django.utils.module_loading.import_string" "werkzeug.utils.import_string"
       "oslo_utils.importutils.import_module" "oslo_utils.importutils.import_class" "oslo_utils.importutils.try_import"] returns: named[0])
