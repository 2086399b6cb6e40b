; sea-orm 0.10 to 1.1: entities, finders, writes of entities and active models, joins, transactions, raw statements,
; migrations with sea-query.
; A model derives the entity and the active model beside it: `entity.adds` names them.
; Known misses: compact entities with a computed table name, partial models.

(definition kind: "type" attribute: (call callee: (name "sea_orm") keyword[table_name]: (text) @entity.store)
  (#set! entity.columns "fields") (#set! column.optional "Option")
  (#set! column.types "i8=SMALLINT i16=SMALLINT i32=INTEGER i64=BIGINT u8=SMALLINT u16=INTEGER u32=BIGINT u64=BIGINT f32=REAL f64=DOUBLE_PRECISION bool=BOOLEAN String=VARCHAR
    Date=DATE Time=TIME DateTime=TIMESTAMP DateTimeUtc=TIMESTAMP_WITH_TIME_ZONE DateTimeLocal=TIMESTAMP_WITH_TIME_ZONE DateTimeWithTimeZone=TIMESTAMP_WITH_TIME_ZONE
    TimeDateTime=TIMESTAMP TimeDateTimeWithTimeZone=TIMESTAMP_WITH_TIME_ZONE ChronoDate=DATE ChronoDateTime=TIMESTAMP ChronoDateTimeUtc=TIMESTAMP_WITH_TIME_ZONE
    ChronoDateTimeWithTimeZone=TIMESTAMP_WITH_TIME_ZONE NaiveDate=DATE NaiveDateTime=TIMESTAMP Decimal=NUMERIC Uuid=UUID Json=JSON Vec<u8>=BYTEA")
  (#set! entity.extends "sea_orm::ModelTrait")
  (#set! entity.adds "Entity=sea_orm::EntityTrait ActiveModel=sea_orm::ActiveModelTrait")) @definition.entity
(definition kind: "method" name: "table_name" implements: [(name "EntityName") (member name: "EntityName")]
  return: (text) @entity.store) @definition.entity
; The expanded form: an entity of its own beside the model.
(definition kind: "type" attribute: (call callee: (name "derive") argument: [(name "DeriveEntity") (member name: "DeriveEntity")])
  (#set! entity.store "{name|snake}")
  (#set! entity.existing)
  (#set! entity.extends "sea_orm::EntityTrait")
  (#set! entity.adds "ActiveModel=sea_orm::ActiveModelTrait")) @definition.entity
(definition kind: "field" attribute: (call callee: (name "sea_orm") argument: (name "primary_key"))
  (#set! column.primary)) @entity.column

; Foreign keys: relations of the enum beside the model that say from which column they go.
((definition kind: "field"
   attribute: (call callee: (name "sea_orm") keyword[belongs_to]: (text) @entity.relation keyword[from]: (text) @entity.column))
  @relation
  (#set! entity.beside "Model"))
((definition kind: "field"
   attribute: (call callee: (name "sea_orm")
     [keyword[has_many]: (text) @entity.relation keyword[has_one]: (text) @entity.relation]))
  @relation
  (#set! entity.beside "Model"))
; The expanded form: Entity::belongs_to(super::cake::Entity).from(Column::CakeId).
((call receiver: (call receiver: (_) @relation.of method: "belongs_to" argument[0]: (_) @entity.relation)
   method: "from" argument[0]: (_) @entity.column) @relation
  (#is? @relation.of "sea_orm::EntityTrait"))
; Joins by such a relation: cake::Relation::Fruit.def().
(call receiver: (_) method: ["join" "join_rev" "join_as" "join_as_rev"]
  argument[1]: (call receiver: (member base: [(name "Relation") (member name: "Relation")]) @access.target method: "def")
  (#set! operation "select") (#set! access.join)) @access

; Entity::find() and the other finders.
(call receiver: (_) @access.target method: ["find" "find_by_id" "find_by_statement"]
  (#is? @access.target "sea_orm::EntityTrait")
  (#set! operation "select")) @access
(call receiver: (_) method: ["find_related" "load_one" "load_many"] argument[0]: (_) @access.target
  (#is? @access.target "sea_orm::EntityTrait")
  (#set! operation "select")) @access
(call receiver: (_) method: ["find_also_related" "find_with_related" "inner_join" "left_join" "right_join"] argument[0]: (_) @access.target
  (#is? @access.target "sea_orm::EntityTrait")
  (#set! operation "select") (#set! access.join)) @access
; A link names its far side; the tables between are not followed.
(call receiver: (_) method: "find_linked" argument[0]: (_) @access.target
  (#is? @access.target "sea_orm::Linked")
  (#set! access.of "ToEntity")
  (#set! operation "select")) @access
(call receiver: (_) method: ["find_also_linked" "find_with_linked"] argument[0]: (_) @access.target
  (#is? @access.target "sea_orm::Linked")
  (#set! access.of "ToEntity")
  (#set! operation "select") (#set! access.join)) @access

; A query that another function made runs where rows are asked for.
(call receiver: (_) @access.receiver method: ["one" "all" "count" "stream" "paginate" "cursor_by"] argument[0]: (_)
  (#type? @access.receiver "sea_orm::Select")
  (#set! operation "select") (#set! access.elsewhere "true")) @access

; Writes of an entity.
(call receiver: (_) @access.target
  method: ["insert" "insert_many" "update" "update_many" "delete" "delete_many" "delete_by_id"] @access.verb
  (#is? @access.target "sea_orm::EntityTrait")
  (#set! access.insert "insert insert_many")
  (#set! access.update "update update_many")
  (#set! access.delete "delete delete_many delete_by_id")) @access

; An insert that says what to do with a row that is there already.
(call receiver: (call receiver: (_) @access.target method: ["insert" "insert_many"]) @access method: "on_conflict"
  argument[0]: [(call method: ["update_columns" "update_column" "value" "values" "exprs"])
                (call receiver: (call method: ["update_columns" "update_column" "value" "values" "exprs"]) method: "to_owned")]
  (#is? @access.target "sea_orm::EntityTrait")
  (#set! operation "upsert"))

; Writes of an active model or a model. All but a deletion give the row as the database has it then.
(call receiver: (_) @access.target method: ["insert" "update" "save" "delete"] @access.verb argument[0]: (_)
  (#type? @access.target "sea_orm::ActiveModelTrait")
  (#set! access.returns "insert update save")
  (#set! access.insert "insert")
  (#set! access.update "update")
  (#set! access.upsert "save")
  (#set! access.delete "delete")) @access
(call receiver: (call receiver: (_) @access.target method: ["into_active_model"]) method: ["insert" "update" "save" "delete"] @access.verb
  argument[0]: (_)
  (#set! access.returns "insert update save")
  (#set! access.insert "insert")
  (#set! access.update "update")
  (#set! access.upsert "save")
  (#set! access.delete "delete")) @access

(call receiver: (_) @access.target method: "delete" argument[0]: (_)
  (#type? @access.target "sea_orm::ModelTrait")
  (#set! operation "delete")) @access
(stub ["sea_orm::EntityTrait::find" "sea_orm::EntityTrait::find_by_id"] returns: "sea_orm::Select")
(stub "sea_orm::ModelTrait::find_related" returns: "sea_orm::Select" subject: argument[0])
(stub "sea_orm::Select::*" returns: self)
(stub "sea_orm::Select::one" returns: subject)
(stub "sea_orm::ModelTrait::into_active_model" returns: "sea_orm::ActiveModelTrait" subject: owner)
(stub ["sea_orm::ActiveModelTrait::insert" "sea_orm::ActiveModelTrait::update"] returns: "sea_orm::ModelTrait" subject: owner)
(stub ["sea_orm::ActiveModelTrait::reset_all" "sea_orm::ActiveModelTrait::into_active_model"] returns: self)

; Columns: what an active model is made of and what is assigned to it, and columns set by expressions.
(call receiver: (_) @access.row method: ["insert" "update" "save"] argument[0]: (_)
  (#type? @access.row "sea_orm::ActiveModelTrait")
  (#set! operation "columns")
  (#set! row.members) (#set! row.rest "default")) @access
(call receiver: (_) @access.receiver method: ["insert" "update"] argument[0]: (_) @access.row
  (#is? @access.receiver "sea_orm::EntityTrait")
  (#set! operation "columns")
  (#set! row.members) (#set! row.rest "default")) @access
(call receiver: (_) method: "col_expr" argument[0]: (member base: [(name "Column") (member name: "Column")] name: _ @access.column)
  (#set! operation "columns")) @access

; Raw statements.
(call callee: (member base: (_) @_statement name: ["from_string" "from_sql_and_values"]) argument[1]: (string) @embedded.sql
  (#is? @_statement "sea_orm::Statement"))
(call receiver: (_) @_connection method: "execute_unprepared" argument[0]: (string) @embedded.sql
  (#type? @_connection "sea_orm::ConnectionTrait")
  (#set! access.untyped "likely"))

; Connections.
(stub ["sea_orm::DatabaseConnection" "sea_orm::DbConn" "sea_orm::DatabaseTransaction"] extends: "sea_orm::ConnectionTrait")
(stub "sea_orm::DbConn" same: "sea_orm::DatabaseConnection")
(stub "sea_orm::Database::connect" returns: "sea_orm::DatabaseConnection")
(stub ["sea_orm::DatabaseConnection::begin" "sea_orm::DatabaseTransaction::begin" "sea_orm::TransactionTrait::begin"]
  returns: "sea_orm::DatabaseTransaction")

; Transactions.
(call receiver: (_) @_connection method: ["begin" "begin_with_config"]
  (#type? @_connection "sea_orm::ConnectionTrait" "sea_orm::TransactionTrait")) @transaction
(call receiver: (_) @_connection method: ["transaction" "transaction_with_config"] argument[0]: (function) @transaction.body
  (#type? @_connection "sea_orm::ConnectionTrait" "sea_orm::TransactionTrait")) @transaction
(call receiver: (_) @_transaction method: ["commit" "rollback"]
  (#type? @_transaction "sea_orm::DatabaseTransaction")
  (#set! transaction.end)) @transaction

; Migrations: Table::create().table(Users::Table).
(definition kind: "type" attribute: (call callee: (name "derive") argument: [(name ["DeriveIden" "Iden"]) (member name: ["DeriveIden" "Iden"])])
  member[Table]: (definition kind: "field")
  (#set! entity.store "{name|snake}")) @definition.entity
(definition kind: "type" attribute: (call callee: (name "derive") argument: [(name ["DeriveIden" "Iden"]) (member name: ["DeriveIden" "Iden"])])
  member[Table]: (definition kind: "field" attribute: (call callee: (name "iden") argument[0]: (text) @entity.store))) @definition.entity
(definition kind: "type" attribute: (call callee: (name "derive") argument: [(name ["DeriveIden" "Iden"]) (member name: ["DeriveIden" "Iden"])])
  member[Table]: (definition kind: "field" attribute: (call callee: (name ["iden" "sea_orm"]) keyword[iden]: (text) @entity.store))) @definition.entity
(definition kind: "type" attribute: (call callee: (name "derive") argument: [(name ["DeriveIden" "Iden"]) (member name: ["DeriveIden" "Iden"])])
  attribute: (call callee: (name "iden") argument[0]: (text) @entity.store) member[Table]: (definition kind: "field")) @definition.entity
(definition kind: "type" attribute: (call callee: (name "derive") argument: [(name ["DeriveIden" "Iden"]) (member name: ["DeriveIden" "Iden"])])
  attribute: (call callee: (name ["iden" "sea_orm"]) keyword[iden]: (text) @entity.store) member[Table]: (definition kind: "field")) @definition.entity
(call receiver: (call callee: (member base: [(name "Table") (member name: "Table")] name: ["create" "alter" "drop" "truncate"]))
  method: "table" argument[0]: (member base: (_) @access.target name: "Table")
  (#set! operation "ddl")) @access

; Statements that sea-query builds: Query::select().from(Users::Table).
(stub ["sea_query::Query::select" "sea_orm::sea_query::Query::select" "sea_orm_migration::prelude::Query::select"
       "sea_orm_migration::sea_query::Query::select"] returns: "sea_query::SelectStatement")
(stub ["sea_query::Query::insert" "sea_orm::sea_query::Query::insert" "sea_orm_migration::prelude::Query::insert"
       "sea_orm_migration::sea_query::Query::insert"] returns: "sea_query::InsertStatement")
(stub ["sea_query::Query::update" "sea_orm::sea_query::Query::update" "sea_orm_migration::prelude::Query::update"
       "sea_orm_migration::sea_query::Query::update"] returns: "sea_query::UpdateStatement")
(stub ["sea_query::Query::delete" "sea_orm::sea_query::Query::delete" "sea_orm_migration::prelude::Query::delete"
       "sea_orm_migration::sea_query::Query::delete"] returns: "sea_query::DeleteStatement")
(stub ["sea_query::SelectStatement::*" "sea_query::InsertStatement::*" "sea_query::UpdateStatement::*" "sea_query::DeleteStatement::*"]
  returns: self)
(call receiver: (_) @_select method: ["from" "from_as"] argument[0]: (member base: (_) @access.target name: "Table")
  (#type? @_select "sea_query::SelectStatement")
  (#set! operation "select")) @access
(call receiver: (_) @_select method: ["inner_join" "left_join" "right_join" "full_outer_join" "cross_join"]
  argument[0]: (member base: (_) @access.target name: "Table")
  (#type? @_select "sea_query::SelectStatement")
  (#set! operation "select") (#set! access.join)) @access
(call receiver: (_) @_insert method: "into_table" argument[0]: (member base: (_) @access.target name: "Table")
  (#type? @_insert "sea_query::InsertStatement")
  (#set! operation "insert")) @access
(call receiver: (_) @_update method: "table" argument[0]: (member base: (_) @access.target name: "Table")
  (#type? @_update "sea_query::UpdateStatement")
  (#set! operation "update")) @access
(call receiver: (_) @_delete method: "from_table" argument[0]: (member base: (_) @access.target name: "Table")
  (#type? @_delete "sea_query::DeleteStatement")
  (#set! operation "delete")) @access

; The same with an entity in the place of a table: Query::update().table(Cache).
(call receiver: (_) @_select method: ["from" "from_as"] argument[0]: (_) @access.target
  (#type? @_select "sea_query::SelectStatement") (#is? @access.target "sea_orm::EntityTrait")
  (#set! operation "select")) @access
(call receiver: (_) @_select method: ["inner_join" "left_join" "right_join" "full_outer_join" "cross_join"] argument[0]: (_) @access.target
  (#type? @_select "sea_query::SelectStatement") (#is? @access.target "sea_orm::EntityTrait")
  (#set! operation "select") (#set! access.join)) @access
(call receiver: (_) @_insert method: "into_table" argument[0]: (_) @access.target
  (#type? @_insert "sea_query::InsertStatement") (#is? @access.target "sea_orm::EntityTrait")
  (#set! operation "insert")) @access
(call receiver: (_) @_update method: "table" argument[0]: (_) @access.target
  (#type? @_update "sea_query::UpdateStatement") (#is? @access.target "sea_orm::EntityTrait")
  (#set! operation "update")) @access
(call receiver: (_) @_delete method: "from_table" argument[0]: (_) @access.target
  (#type? @_delete "sea_query::DeleteStatement") (#is? @access.target "sea_orm::EntityTrait")
  (#set! operation "delete")) @access
; A built statement that a connection runs does what was built.
(call receiver: (_) @_connection method: ["query_all" "query_one" "execute" "stream"] argument[0]: (_) @embedded.sql
  (#type? @_connection "sea_orm::ConnectionTrait")
  (#set! sql.chain))
