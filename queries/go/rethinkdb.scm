; gopkg.in/rethinkdb/rethinkdb-go v5 and v6: terms that begin with a table, read where they are run, written by their verbs.
; Known misses: columns, tables whose names are put together at run time (told as blind spots), what `ForEach` does.

(stub ["gopkg.in/rethinkdb/rethinkdb-go.v6.DB"] returns: "gopkg.in/rethinkdb/rethinkdb-go.v6.Term")
(stub ["gopkg.in/rethinkdb/rethinkdb-go.v6.Table" "gopkg.in/rethinkdb/rethinkdb-go.v6.Term.Table"]
  returns: "gopkg.in/rethinkdb/rethinkdb-go.v6.Term" subject: argument[0])
(stub "gopkg.in/rethinkdb/rethinkdb-go.v6.Term.*" returns: self)
; What has a verb in it is no query any more.
(stub ["gopkg.in/rethinkdb/rethinkdb-go.v6.Term.Insert" "gopkg.in/rethinkdb/rethinkdb-go.v6.Term.Update"
       "gopkg.in/rethinkdb/rethinkdb-go.v6.Term.Replace" "gopkg.in/rethinkdb/rethinkdb-go.v6.Term.Delete"
       "gopkg.in/rethinkdb/rethinkdb-go.v6.Term.IndexCreate" "gopkg.in/rethinkdb/rethinkdb-go.v6.Term.IndexCreateFunc"
       "gopkg.in/rethinkdb/rethinkdb-go.v6.Term.IndexDrop" "gopkg.in/rethinkdb/rethinkdb-go.v6.Term.IndexWait"
       "gopkg.in/rethinkdb/rethinkdb-go.v6.Term.TableCreate" "gopkg.in/rethinkdb/rethinkdb-go.v6.Term.TableDrop"
       "gopkg.in/rethinkdb/rethinkdb-go.v6.DBCreate" "gopkg.in/rethinkdb/rethinkdb-go.v6.DBDrop"]
  returns: "gopkg.in/rethinkdb/rethinkdb-go.v6.written!")
(stub ["gopkg.in/rethinkdb/rethinkdb-go.v5.DB"] same: "gopkg.in/rethinkdb/rethinkdb-go.v6.DB")
(stub ["gopkg.in/rethinkdb/rethinkdb-go.v5.Table"] same: "gopkg.in/rethinkdb/rethinkdb-go.v6.Table")
(stub ["gopkg.in/rethinkdb/rethinkdb-go.v5.Term"] same: "gopkg.in/rethinkdb/rethinkdb-go.v6.Term")

((call receiver: (_) @access.receiver method: ["Run" "ReadAll" "ReadOne"] argument: (_)
  (#type? @access.receiver "gopkg.in/rethinkdb/rethinkdb-go.v6.Term")
  (#set! operation "select")) @access)
((call receiver: (_) @access.receiver method: ["Insert" "Update" "Replace" "Delete"] @access.verb
  (#type? @access.receiver "gopkg.in/rethinkdb/rethinkdb-go.v6.Term")
  (#set! access.insert "Insert") (#set! access.update "Update Replace") (#set! access.delete "Delete")) @access)
((call receiver: (_) @access.receiver method: ["IndexCreate" "IndexCreateFunc" "IndexDrop"]
  (#type? @access.receiver "gopkg.in/rethinkdb/rethinkdb-go.v6.Term")
  (#set! operation "ddl")) @access)
((call receiver: (_) @_term method: ["TableCreate" "TableDrop"] argument[0]: (string) @access.target
  (#type? @_term "gopkg.in/rethinkdb/rethinkdb-go.v6.Term")
  (#set! access.target "name") (#set! operation "ddl")) @access)

; Joins with another table.
((call receiver: (_) @_term method: ["InnerJoin" "OuterJoin"] argument[0]: (_) @access.target
  (#type? @_term "gopkg.in/rethinkdb/rethinkdb-go.v6.Term")
  (#type? @access.target "gopkg.in/rethinkdb/rethinkdb-go.v6.Term")
  (#set! access.target "name") (#set! operation "select") (#set! access.join)) @access)
((call receiver: (_) @_term method: "EqJoin" argument[1]: (_) @access.target
  (#type? @_term "gopkg.in/rethinkdb/rethinkdb-go.v6.Term")
  (#type? @access.target "gopkg.in/rethinkdb/rethinkdb-go.v6.Term")
  (#set! access.target "name") (#set! operation "select") (#set! access.join)) @access)
