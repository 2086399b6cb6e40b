; Go's standard library, all versions: what its functions hand back, which of them run the function they are given, and
; files with SQL that are read or embedded.
; Known misses: values kept in sync.Map and context values.

; Texts that pass through.
(stub ["strings.TrimSpace" "strings.Trim" "strings.TrimLeft" "strings.TrimRight" "strings.TrimPrefix" "strings.TrimSuffix"
       "strings.Replace" "strings.ReplaceAll" "strings.Clone" "bytes.TrimSpace" "os.ExpandEnv" "bytes.NewBufferString"
       "strings.NewReader" "bytes.NewReader" "bytes.NewBuffer" "bufio.NewReader" "io.NopCloser"] returns: argument[0])

; A template carries the text it was made of, with its actions in it.
(stub "text/template.Must" returns: argument[0])
(stub ["text/template.New" "text/template.ParseFS" "text/template.ParseFiles"] returns: "text/template.Template")
(stub "text/template.Template.*" returns: self)
(stub "text/template.Template.Parse" returns: "text/template.Template" text: argument[0])

; A format that is no literal.
(stub ["fmt.Sprintf"] returns: format[0])
(stub ["fmt.Fprintf"] returns: format[1])

; Values that pass through.
(stub ["context.WithCancel" "context.WithTimeout" "context.WithDeadline" "context.WithValue" "context.WithoutCancel"
       "context.WithCancelCause" "context.WithTimeoutCause"] returns: argument[0])
(stub ["context.Background" "context.TODO"] returns: "context.Context")
(stub ["errors.Join" "errors.Unwrap"] returns: argument[0])
(stub ["slices.Clone" "slices.Compact" "slices.CompactFunc" "slices.Delete" "slices.DeleteFunc" "slices.Grow"
       "slices.Clip" "slices.Sorted" "slices.SortedFunc" "maps.Clone"] returns: argument[0])
(stub ["slices.Max" "slices.Min"] returns: element)
(stub "cmp.Or" returns: argument[0])

; Holders.
(stub ["sync/atomic.Pointer" "sync/atomic.Value"] wraps: 0)
(stub "container/list.List" holds: 0)
(stub ["iter.Seq"] holds: 0)
(stub "iter.Seq2" holds: 1)

; HTTP: wrappers hand their handler on.
(stub "net/http.HandlerFunc" returns: argument[0])
(stub ["net/http.TimeoutHandler" "net/http.AllowQuerySemicolons" "net/http.MaxBytesHandler"] returns: argument[0])
(stub "net/http.StripPrefix" returns: argument[1])
(stub "net/http.NewServeMux" returns: "net/http.ServeMux")
(stub "net/http.DefaultServeMux" is: "net/http.ServeMux")
(stub "net/http.DefaultClient" is: "net/http.Client")
(stub ["net/http.NewRequest" "net/http.NewRequestWithContext"] returns: "net/http.Request")
(stub "net/http.Request.Context" returns: "context.Context")
(stub ["net/http.Request.WithContext" "net/http.Request.Clone"] returns: self)

; Functions that run the function they are given.
((call receiver: (_) @_once method: ["Do" "Go"] argument[0]: (_)
  (#type? @_once "sync.Once" "sync.WaitGroup" "golang.org/x/sync/errgroup.Group" "golang.org/x/sync/singleflight.Group")
  (#set! call.runs "argument[0]")) @call)
((call receiver: (_) @_group method: ["Do" "DoChan"] argument[1]: (_)
  (#type? @_group "golang.org/x/sync/singleflight.Group")
  (#set! call.runs "argument[1]")) @call)
((call receiver: (_) @_map method: "Range" argument[0]: (_)
  (#type? @_map "sync.Map")
  (#set! call.runs "argument[0]")) @call)
((call callee: (_) @_f argument[1]: (_)
  (#is? @_f "time.AfterFunc" "sort.Slice" "sort.SliceStable" "sort.Search" "slices.SortFunc" "slices.SortStableFunc"
            "slices.IndexFunc" "slices.ContainsFunc" "slices.DeleteFunc" "slices.MaxFunc" "slices.MinFunc" "strings.Map"
            "path/filepath.Walk" "path/filepath.WalkDir")
  (#set! call.runs "argument[1]")) @call)
((call callee: (_) @_f argument[0]: (_)
  (#is? @_f "sync.OnceFunc" "sync.OnceValue" "sync.OnceValues" "context.AfterFunc")
  (#set! call.runs "argument[0]")) @call)
(stub "golang.org/x/sync/errgroup.WithContext" returns: "golang.org/x/sync/errgroup.Group")

; Texts in other letters.
(stub ["strings.ToUpper" "strings.ToLower"] returns: argument[0])

; A file's text is followed by its path; the variable of a `//go:embed` holds the path of its one file.
(stub ["os.ReadFile" "io/ioutil.ReadFile" "embed.FS.ReadFile" "io/fs.FS.ReadFile"] returns: argument[0])
(stub "io/fs.ReadFile" returns: argument[1])

; What an error says is run by nobody.
((call callee: (_) @_f argument[*]: (string) @embedded.prose
  (#is? @_f "errors.New" "fmt.Errorf" "github.com/pkg/errors.New" "github.com/pkg/errors.Errorf"
            "github.com/pkg/errors.Wrap" "github.com/pkg/errors.Wrapf")))
