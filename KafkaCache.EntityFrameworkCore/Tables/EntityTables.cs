using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KafkaCaching.EntityFrameworkCore.Tables;

/// <summary>The tables of entity types, as tags name them.</summary>
internal static class EntityTables
{
    /// <summary>The tables that hold the rows of the type itself.</summary>
    public static IEnumerable<string> Of(IEntityType type) =>
        type.GetTableMappings().Select(static mapping => TableNames.Of(mapping.Table.Name)).Distinct(StringComparer.Ordinal);

    /// <summary>The tables in which a type, its base types and its derived types share a primary key.</summary>
    public static IEnumerable<string> OfHierarchy(IEntityType type) =>
        type.GetAllBaseTypesInclusive().Concat(type.GetDerivedTypes()).SelectMany(Of).Distinct(StringComparer.Ordinal);
}
