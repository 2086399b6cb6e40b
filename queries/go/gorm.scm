; gorm: gorm.io/gorm v1 (called v2) and github.com/jinzhu/gorm: finders, writers, Model and Table chains, raw SQL,
; relations, transactions, migrations. A table is named by `TableName()`, by `Table("..")`, else `{name|initials|snake|plural}`.
; Known misses: naming strategies of one's own (but for words replaced by `strings.NewReplacer`), foreign keys that only naming tells, tables that the
; library and its migrators keep for themselves.

(stub "github.com/jinzhu/gorm.DB" same: "gorm.io/gorm.DB")
(stub "github.com/jinzhu/gorm.Model" same: "gorm.io/gorm.Model")
(stub ["gorm.io/gorm.Open" "github.com/jinzhu/gorm.Open"] returns: "gorm.io/gorm.DB")
(stub "gorm.io/gorm.DB.*" returns: self)
; What a statement gives is scanned; it is about nothing else.
(stub ["gorm.io/gorm.DB.Raw"] returns: "gorm.io/gorm.Statement")
(stub "gorm.io/gorm.DB.DB" returns: "database/sql.DB")
(stub "gorm.io/gorm.DB.Error" is: "error")
(stub "gorm.io/gorm.DB.RowsAffected" is: "int64")
(stub "gorm.io/gorm.DB.Association" returns: "gorm.io/gorm.Association")
(stub "gorm.io/gorm.DB.Migrator" returns: "gorm.io/gorm.Migrator")
(stub "gorm.io/gorm.DB.Rows" returns: "database/sql.Rows")
(stub "gorm.io/gorm.DB.Row" returns: "database/sql.Row")

; The generic API: the type argument says what a chain is about.
(stub "gorm.io/gorm.G.[]" is: "gorm.io/gorm.generic!" subject: index)
(stub "gorm.io/gorm.generic!" returns: "gorm.io/gorm.Interface")
(stub "gorm.io/gorm.Interface.*" returns: self)
(stub ["gorm.io/gorm.Interface.First" "gorm.io/gorm.Interface.Take" "gorm.io/gorm.Interface.Last" "gorm.io/gorm.Interface.Find"]
  returns: subject)
((call receiver: (_) @access.receiver
       method: ["First" "Last" "Take" "Find" "FindInBatches" "Scan" "Count" "Row" "Rows" "Create" "CreateInBatches" "Update"
                "Updates" "Delete"] @access.verb
  (#type? @access.receiver "gorm.io/gorm.Interface")
  (#set! access.select "First Last Take Find FindInBatches Scan Count Row Rows")
  (#set! access.insert "Create CreateInBatches") (#set! access.update "Update Updates") (#set! access.delete "Delete")
  (#set! entity.store "{name|initials|snake|plural}")) @access)

; What a chain is about.
((call receiver: (_) @access.receiver method: "Model" argument[0]: (_) @access.target
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! operation "target")
  (#set! entity.store "{name|initials|snake|plural}")) @access)
((call receiver: (_) @access.receiver method: "Table" argument[0]: (string) @access.target
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! operation "target")
  (#set! access.target "name")) @access)

; Verbs with a model or a destination as first argument.
((call receiver: (_) @access.receiver
       method: ["First" "Last" "Take" "Find" "FindInBatches" "FirstOrInit" "FirstOrCreate" "Delete"] @access.verb
       argument[0]: (_) @access.target
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! access.select "First Last Take Find FindInBatches FirstOrInit")
  (#set! access.insert "FirstOrCreate")
  (#set! access.delete "Delete")
  (#set! access.subject "first")
  (#set! entity.store "{name|initials|snake|plural}")) @access)

; What the library's first version reads by a key of the chain's row.
((call receiver: (_) @access.receiver method: "Related" argument[0]: (_) @access.target
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! operation "select")
  (#set! entity.store "{name|initials|snake|plural}")) @access)

; A chain that stands for a placeholder of another one is a sub-select; the first argument is a group of conditions.
((call receiver: (_) @_db method: ["Where" "Or" "Not" "Having" "Select" "Joins" "Table" "Update" "UpdateColumn"]
       argument[1]: (_) @access.receiver
  (#type? @_db "gorm.io/gorm.DB") (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! operation "select") (#set! access.confidence "likely")) @access)
((call receiver: (_) @_db method: ["Where" "Or" "Not" "Having" "Select" "Joins" "Table"]
       argument[2]: (_) @access.receiver
  (#type? @_db "gorm.io/gorm.DB") (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! operation "select") (#set! access.confidence "likely")) @access)
((call receiver: (_) @_db method: ["Where" "Or" "Not" "Having" "Select" "Joins" "Table"]
       argument[3]: (_) @access.receiver
  (#type? @_db "gorm.io/gorm.DB") (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! operation "select") (#set! access.confidence "likely")) @access)

; What is looked up before it is created.
((call callee: (member base: (_) @access.receiver name: "FirstOrCreate") @access argument[0]: (_) @access.target
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! operation "select")
  (#set! access.subject "first")
  (#set! entity.store "{name|initials|snake|plural}")))
; An insert that updates what is there.
((call receiver: (call receiver: (_) @access.receiver method: "Clauses"
                       argument: (construct of: (_) @_of [field[UpdateAll]: (_) field[DoUpdates]: (_)]))
       method: ["Create" "CreateInBatches"] argument[0]: (_) @access.target
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#is? @_of "gorm.io/gorm/clause.OnConflict")
  (#set! operation "upsert")
  (#set! access.subject "first")
  (#set! entity.store "{name|initials|snake|plural}")) @access)

; A method of the row that is called before it is made says what to do where it is there already.
((call method: "AddClause" argument[0]: (construct of: (_) @access.hook [field[UpdateAll]: (_) field[DoUpdates]: (_)])
  (#is? @access.hook "gorm.io/gorm/clause.OnConflict")
  (#set! access.hook "BeforeCreate BeforeSave")))

; What is given to the fields of a row is written with it.
((call receiver: (_) @access.receiver method: ["Create" "CreateInBatches" "Save"] @access.verb
       argument[0]: (_) @access.target
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! access.insert "Create CreateInBatches")
  (#set! access.upsert "Save")
  (#set! access.along "Omit")
  (#set! access.subject "first")
  (#set! entity.store "{name|initials|snake|plural}")) @access)

; The row itself says what it is: `db.Updates(&user)`; where the chain is about something, that counts.
((call receiver: (_) @access.receiver method: ["Updates" "UpdateColumns"] argument[0]: (_) @access.target
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! operation "update")
  (#set! access.subject "first")
  (#set! entity.store "{name|initials|snake|plural}")) @access)

; Verbs about the subject of the chain.
((call receiver: (_) @access.receiver
       method: ["Scan" "Pluck" "Count" "Rows" "Row" "Update" "UpdateColumn"] @access.verb
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! access.select "Scan Pluck Count Rows Row")
  (#set! access.update "Update UpdateColumn")
  (#set! access.subject "first")
  (#set! entity.store "{name|initials|snake|plural}")) @access)

; Columns that are named.
((call receiver: (_) @access.receiver method: ["Update" "UpdateColumn" "Pluck"] argument[0]: (string) @access.column
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! operation "columns")) @access)
((call receiver: (_) @access.receiver method: "Select" argument[*]: (_) @access.column
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! operation "columns") (#set! row.only)) @access)
((call receiver: (_) @access.receiver method: ["Updates" "UpdateColumns"] argument[0]: (_) @access.row
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! operation "columns")) @access)
((call receiver: (_) @access.receiver method: ["Update" "UpdateColumn"] argument[0]: [(mapping) (construct)] @access.row
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! operation "columns")) @access)

; Relations that are read along.
((call receiver: (_) @access.receiver method: ["Joins" "InnerJoins"] argument[0]: (text) @access.column
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#match? @access.column "^[A-Za-z_.]+$")
  (#set! operation "select")
  (#set! access.also "relation")) @access)
((call receiver: (_) @access.receiver method: "Preload" argument[0]: (string) @access.column
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#match? @access.column "^[A-Za-z_.]+$")
  (#set! operation "select")
  (#set! access.bare "Count")
  (#set! access.also "relation")) @access)

; Functions that a query is put through: the relations that these name are read where it is run.
((call receiver: (_) @_db method: "Scopes" [argument[*]: (_) @access.applied argument[-1]: (_) @access.applied])
  (#type? @_db "gorm.io/gorm.DB"))

; Rows between two models, or of the other side, that are read or change by the relation.
((call receiver: (call receiver: (_) @access.receiver method: "Association" argument[0]: (text) @access.column)
       method: ["Find" "Count" "Append" "Replace" "Delete" "Clear"] @access.verb
  (#type? @access.receiver "gorm.io/gorm.DB")
  (#set! access.select "Find Count") (#set! access.insert "Append Replace") (#set! access.delete "Delete Clear")
  (#set! access.also "instead")) @access)

; SQL: whole statements, and clauses.
((call receiver: (_) @_db method: ["Raw" "Exec"] argument[0]: (string) @embedded.sql
  (#type? @_db "gorm.io/gorm.DB")))
((call receiver: (_) @_db method: ["Joins" "InnerJoins"] argument[0]: (string) @embedded.sql
  (#type? @_db "gorm.io/gorm.DB")
  (#match? @embedded.sql "(?i)\\bjoin\\b")
  (#set! sql.fragment "true") (#set! access.join)))
((call receiver: (_) @_db method: ["Where" "Or" "Not" "Having" "Select"] argument[0]: (string) @embedded.sql
  (#type? @_db "gorm.io/gorm.DB")
  (#match? @embedded.sql "(?i)\\bselect\\b.*\\bfrom\\b")
  (#set! sql.fragment "true")))

; Transactions.
((call receiver: (_) @_db method: "Transaction" argument[0]: (_) @transaction.body
  (#type? @_db "gorm.io/gorm.DB")) @transaction)
((call receiver: (_) @_db method: ["Begin" "BeginTx"]
  (#type? @_db "gorm.io/gorm.DB")) @transaction)
((call receiver: (_) @_db method: "Commit"
  (#type? @_db "gorm.io/gorm.DB")
  (#set! transaction.end "true")) @transaction)

; Schema.
((call receiver: (_) @access.receiver method: ["AutoMigrate" "CreateTable" "DropTable" "DropTableIfExists"]
       argument[*]: (_) @access.target
  (#type? @access.receiver "gorm.io/gorm.DB" "gorm.io/gorm.Migrator")
  (#set! operation "ddl")
  (#set! entity.store "{name|initials|snake|plural}")) @access)

; Tables called like one row, unless that is denied.
((construct of: (_) @_of field[SingularTable]: [(constant "true") (name) (member) (call)] @_singular
  (#is? @_of "gorm.io/gorm/schema.NamingStrategy")
  (#set! naming.without "plural")) @definition.naming)

((construct of: (_) @_of field[TablePrefix]: (string) @naming.prefix
  (#is? @_of "gorm.io/gorm/schema.NamingStrategy")) @definition.naming)

; Words of types' names that are replaced before: strings.NewReplacer("SQLUser", "Users").
((construct of: (_) @_of field[NameReplacer]: (call callee: (_) @_replacer) @naming.replacer
  (#is? @_of "gorm.io/gorm/schema.NamingStrategy") (#is? @_replacer "strings.NewReplacer")) @definition.naming)

; Entities.
; Types as PostgreSQL has them.
((definition kind: "method" name: "TableName" return: (string) @entity.store
  (#set! entity.columns "fields") (#set! column.called "{name|initials|snake}") (#set! column.key "id")
  (#set! column.types "string=TEXT bool=BOOLEAN int=BIGINT int8=SMALLINT int16=SMALLINT int32=INTEGER int64=BIGINT uint=BIGINT uint8=SMALLINT
    uint16=INTEGER uint32=BIGINT uint64=BIGINT float32=REAL float64=DOUBLE_PRECISION []byte=BYTEA Time=TIMESTAMP_WITH_TIME_ZONE DeletedAt=TIMESTAMP_WITH_TIME_ZONE
    NullString=TEXT NullBool=BOOLEAN NullInt32=INTEGER NullInt64=BIGINT NullFloat64=DOUBLE_PRECISION NullTime=TIMESTAMP_WITH_TIME_ZONE UUID=UUID JSON=JSON")) @definition.entity)
((definition kind: "type" base: (_) @_base
  (#is? @_base "gorm.io/gorm.Model")
  (#set! entity.store "{name|initials|snake|plural}")
  (#set! entity.key "id") (#set! column.own "BIGINT")
  (#set! column.more "created_at=TIMESTAMP_WITH_TIME_ZONE updated_at=TIMESTAMP_WITH_TIME_ZONE deleted_at=TIMESTAMP_WITH_TIME_ZONE")
  (#set! entity.columns "fields") (#set! column.called "{name|initials|snake}") (#set! column.key "id")
  (#set! column.types "string=TEXT bool=BOOLEAN int=BIGINT int8=SMALLINT int16=SMALLINT int32=INTEGER int64=BIGINT uint=BIGINT uint8=SMALLINT
    uint16=INTEGER uint32=BIGINT uint64=BIGINT float32=REAL float64=DOUBLE_PRECISION []byte=BYTEA Time=TIMESTAMP_WITH_TIME_ZONE DeletedAt=TIMESTAMP_WITH_TIME_ZONE
    NullString=TEXT NullBool=BOOLEAN NullInt32=INTEGER NullInt64=BIGINT NullFloat64=DOUBLE_PRECISION NullTime=TIMESTAMP_WITH_TIME_ZONE UUID=UUID JSON=JSON")) @definition.entity)
((definition kind: "type"
   member: (definition kind: "field" attribute: (call callee: (name "gorm") argument: (text) @_key))
  (#any-of? @_key "primaryKey" "primary_key" "primarykey" "PRIMARY_KEY")
  (#set! entity.abstract "embedded") (#set! entity.shape "true")
  (#set! entity.store "{name|initials|snake|plural}")
  (#set! entity.columns "fields") (#set! column.called "{name|initials|snake}") (#set! column.key "id")
  (#set! column.types "string=TEXT bool=BOOLEAN int=BIGINT int8=SMALLINT int16=SMALLINT int32=INTEGER int64=BIGINT uint=BIGINT uint8=SMALLINT
    uint16=INTEGER uint32=BIGINT uint64=BIGINT float32=REAL float64=DOUBLE_PRECISION []byte=BYTEA Time=TIMESTAMP_WITH_TIME_ZONE DeletedAt=TIMESTAMP_WITH_TIME_ZONE
    NullString=TEXT NullBool=BOOLEAN NullInt32=INTEGER NullInt64=BIGINT NullFloat64=DOUBLE_PRECISION NullTime=TIMESTAMP_WITH_TIME_ZONE UUID=UUID JSON=JSON")) @definition.entity)
; Columns with names of their own.
(definition kind: "field" attribute: (call callee: (name "gorm") [keyword[column]: (text) @column.name keyword[Column]: (text) @column.name]))
  @entity.column
((definition kind: "field" attribute: (call callee: (name "gorm") [keyword[type]: (text) @column.type keyword[Type]: (text) @column.type])) @entity.column)
((definition kind: "field" attribute: (call callee: (name "gorm") argument: (text) @_key)) @entity.column
  (#any-of? @_key "primaryKey" "primary_key" "primarykey" "PRIMARY_KEY") (#set! column.primary))
((definition kind: "field" attribute: (call callee: (name "gorm") argument: (text) @_none)) @entity.column
  (#match? @_none "^-") (#set! column.none))
; Tables between two models.
((definition kind: "field" declared: (index index: (_) @entity.relation)
   attribute: (call callee: (name "gorm") [keyword[many2many]: (text) @entity.link keyword[Many2Many]: (text) @entity.link]))
  (#set! relation.kind "many-to-many"))
