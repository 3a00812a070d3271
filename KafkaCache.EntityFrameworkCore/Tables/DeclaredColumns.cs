using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KafkaCaching.EntityFrameworkCore.Tables;

/// <summary>The columns of an entity type that queries may filter on with <c>By</c>.</summary>
internal sealed class DeclaredColumns
{
    private readonly List<Column> _columns = [];

    public IReadOnlyList<Column> All => _columns;

    public void Add(IProperty property) => _columns.AddRange(property.GetTableColumnMappings().Select(
        mapping => new Column(property, TableNames.Of(mapping.TableMapping.Table.Name), mapping.Column.Name)));

    public IEnumerable<Column> Of(string property) => _columns.Where(column => column.Property.Name == property);

    /// <param name="Property">The property.</param>
    /// <param name="Table">The name of the table in tags.</param>
    /// <param name="Name">The name of the column.</param>
    internal sealed record Column(IProperty Property, string Table, string Name)
    {
        /// <summary>The tag of the rows with the given value of the property.</summary>
        public string TagOf(object? value) => Tags.OfValue(Table, Name, StoredValues.Of(Property, value));
    }
}
