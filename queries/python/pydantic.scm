; pydantic 1 and 2: models that are filled from rows (`Model.model_validate(row)`, `Model.from_orm(row)`): fields called like
; relations of the row load these.
; Known misses: fields with an alias, properties of the row that read, `TypeAdapter`, routes that hand out rows for a response model.

((call receiver: (_) @access.receiver method: ["model_validate" "from_orm" "validate"] argument[0]: (_) @access.target) @access
  (#is? @access.receiver "pydantic.BaseModel" "sqlmodel.SQLModel") (#set! operation "filled") (#set! access.foreign "true"))
(stub ["pydantic.main.BaseModel" "pydantic.v1.BaseModel"] extends: "pydantic.BaseModel")
