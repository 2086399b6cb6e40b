; github.com/golang-migrate/migrate, github.com/pressly/goose, github.com/go-gormigrate/gormigrate and
; github.com/rubenv/sql-migrate: what running migrations does to rows, and the table in which each library notes what it has run.
; All of it is a guess: the table's name can be configured, and a database that is up to date gets nothing.
; Known misses: migrations in Go code are functions of the project and stand there.

(stub ["github.com/golang-migrate/migrate.New" "github.com/golang-migrate/migrate.NewWithDatabaseInstance"
       "github.com/golang-migrate/migrate.NewWithInstance" "github.com/golang-migrate/migrate.NewWithSourceInstance"]
  returns: "github.com/golang-migrate/migrate.Migrate")
(stub "github.com/go-gormigrate/gormigrate.New" returns: "github.com/go-gormigrate/gormigrate.Gormigrate")
(stub "github.com/pressly/goose.NewProvider" returns: "github.com/pressly/goose.Provider")

((call receiver: (_) @access.receiver method: ["Up" "Steps" "Migrate" "Force"] @access.verb
  (#type? @access.receiver "github.com/golang-migrate/migrate.Migrate")
  (#set! access.store "schema_migrations") (#set! access.confidence "guess")
  (#set! access.insert "Up Steps Migrate Force") (#set! access.reads "Up Steps Migrate Force") (#set! access.runs "migrations")) @access)
((call receiver: (_) @access.receiver method: "Version"
  (#type? @access.receiver "github.com/golang-migrate/migrate.Migrate")
  (#set! access.store "schema_migrations") (#set! access.confidence "guess") (#set! operation "select")) @access)
((call receiver: (_) @access.receiver method: ["Migrate" "MigrateTo"] @access.verb
  (#type? @access.receiver "github.com/go-gormigrate/gormigrate.Gormigrate")
  (#set! access.store "migrations") (#set! access.confidence "guess")
  (#set! access.insert "Migrate MigrateTo") (#set! access.reads "Migrate MigrateTo")) @access)
((call receiver: (_) @_goose method: ["Up" "UpContext" "UpTo" "UpToContext" "UpByOne" "UpByOneContext"] @access.verb
  (#is? @_goose "github.com/pressly/goose")
  (#set! access.store "goose_db_version") (#set! access.confidence "guess")
  (#set! access.insert "Up UpContext UpTo UpToContext UpByOne UpByOneContext") (#set! access.reads "Up UpContext UpTo UpToContext UpByOne UpByOneContext") (#set! access.runs "migrations")) @access)
((call receiver: (_) @_goose method: ["GetDBVersion" "GetDBVersionContext"]
  (#is? @_goose "github.com/pressly/goose")
  (#set! access.store "goose_db_version") (#set! access.confidence "likely") (#set! operation "select")) @access)
((call receiver: (_) @access.receiver method: ["GetDBVersion" "HasPending"]
  (#type? @access.receiver "github.com/pressly/goose.Provider")
  (#set! access.store "goose_db_version") (#set! access.confidence "likely") (#set! operation "select")) @access)
((call receiver: (_) @access.receiver method: ["Up" "UpTo" "UpByOne" "ApplyVersion"] @access.verb
  (#type? @access.receiver "github.com/pressly/goose.Provider")
  (#set! access.store "goose_db_version") (#set! access.confidence "guess")
  (#set! access.insert "Up UpTo UpByOne ApplyVersion") (#set! access.reads "Up UpTo UpByOne ApplyVersion") (#set! access.runs "migrations")) @access)
((call receiver: (_) @_migrate method: ["Exec" "ExecContext" "ExecMax" "ExecMaxContext"] @access.verb
  (#is? @_migrate "github.com/rubenv/sql-migrate")
  (#set! access.store "gorp_migrations") (#set! access.confidence "guess")
  (#set! access.insert "Exec ExecContext ExecMax ExecMaxContext") (#set! access.reads "Exec ExecContext ExecMax ExecMaxContext") (#set! access.runs "migrations")) @access)

; sql-migrate: migrations that the program keeps in its own code. The way back is run by nobody that is seen.
(construct of: (_) @_migration field[Up]: (sequence item[*]: (string) @embedded.sql)
  (#is? @_migration "github.com/rubenv/sql-migrate.Migration"))
(construct of: (_) @_migration field[Down]: (sequence item[*]: (string) @embedded.prose)
  (#is? @_migration "github.com/rubenv/sql-migrate.Migration"))
