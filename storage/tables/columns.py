"""What the columns of all tables share: one register, times, numbers, and whose a row is."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    TypeDecorator,
)


class Instant(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; SQLite, which knows no zones, stores UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone must not reach the database")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# The ledger is filled set-wise by the database, so the database numbers its rows
# (docs/decisions/0002); SQLite numbers only a column that is exactly INTEGER PRIMARY KEY.
LedgerId = BigInteger().with_variant(Integer, "sqlite")


def of_person(name: str = "person_id") -> Column[int]:
    return Column(name, BigInteger, ForeignKey("persons.id", ondelete="CASCADE"), nullable=False)
