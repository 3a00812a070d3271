using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using KafkaCaching.EntityFrameworkCore.Options;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;

namespace KafkaCaching.EntityFrameworkCore.Tables;

/// <summary>Determines which tables of a model a command reads or changes, and in which others the database changes rows as a
/// result.</summary>
internal sealed class ModelTables
{
    // A program has a limited number of SQL strings, unless it builds raw SQL from values. Strings with such values are unlikely to recur,
    // so forgetting them costs little.
    private const int MaxTexts = 10_000;
    private const int MoreThanOnce = 2;

    private readonly ConcurrentDictionary<string, NamedTables> _byText = new(StringComparer.Ordinal);
    private readonly (string Written, string Name)[] _tables;
    private readonly (string Written, string Name)[] _views;
    private readonly (string[] Lines, string Name)[] _queries;
    private readonly IReadOnlyDictionary<string, string[]> _declaredViews;
    private readonly Dictionary<string, string[]> _cascades;
    private readonly ILookup<string, ITable> _byName;
    private readonly Dictionary<IEntityType, DeclaredColumns> _columns = [];
    private readonly Dictionary<IEntityType, string[]> _ofOthers = [];

    public ModelTables(DbContext context, KafkaEfCacheOptions options)
    {
        var model = context.Model;
        var sql = context.GetService<ISqlGenerationHelper>();
        var relational = model.GetRelationalModel();
        _declaredViews = options.Views;
        _tables =
            [.. relational.Tables.Select(table => (sql.DelimitIdentifier(table.Name, table.Schema), TableNames.Of(table.Name))).Distinct()];
        _views = [
            .. relational.Views.Select(view => (sql.DelimitIdentifier(view.Name, view.Schema), view.Name)),
            .. model.GetDbFunctions().Where(static function => !function.IsBuiltIn)
                .Select(function =>
                    (function.Schema is null ? function.Name : sql.DelimitIdentifier(function.Name, function.Schema), function.Name)),
        ];
        _queries = [
            .. model.GetEntityTypes().Where(static type => type.GetSqlQuery() is not null)
                .Select(static type => (LinesOf(type.GetSqlQuery()!), type.DisplayName())),
        ];
        _byName = relational.Tables.ToLookup(static table => TableNames.Of(table.Name), StringComparer.Ordinal);
        _cascades = _byName.ToDictionary(static tables => tables.Key, static tables => CascadesOf(tables), StringComparer.Ordinal);
        Hash = HashOf(context, options);
        foreach (var column in options.Columns)
            Declare(model, column);
        foreach (var type in model.GetEntityTypes())
        {
            if (_columns.Count > 0 && DeclaredByOthersIn(type) is { Length: > 0 } names)
                _ofOthers[type] = names;
        }
    }

    /// <summary>A hash of the model and of everything else that determines how the rows of a command are read.</summary>
    public string Hash { get; }

    public IReadOnlyCollection<string> All => _cascades.Keys;

    /// <summary>The tables and views that the SQL of Entity Framework names. Text that only looks like the name of a table counts as the
    /// table, which costs extra reads but has no other effect.</summary>
    public NamedTables NamedIn(string sql)
    {
        if (_byText.TryGetValue(sql, out var known))
            return known;
        if (_byText.Count >= MaxTexts)
            _byText.Clear();
        return _byText.GetOrAdd(sql, Find(sql));
    }

    /// <summary>The tables that handwritten SQL names, with or without quotes, in lower or upper case.</summary>
    public string[] NamedInRaw(string sql) => [
        .. _cascades.Keys.Where(table => SqlNames.Count(sql, table, StringComparison.OrdinalIgnoreCase) > 0),
    ];

    /// <summary>The tables in which the database itself deletes or changes rows when rows of a table are deleted.</summary>
    public string[] CascadesOf(string table) => _cascades.TryGetValue(table, out var tables) ? tables : [];

    /// <summary>The tables that refer to a table, directly or through other tables, whatever the database does with their rows on a
    /// deletion.</summary>
    public string[] ReferencesOf(string table) => ReachedFrom(_byName[table], static _ => true, static _ => true);

    /// <summary>The declared columns of a type and its base types; <see langword="null"/> if it has none.</summary>
    public DeclaredColumns? ColumnsOf(IEntityType type) => _columns.GetValueOrDefault(type);

    /// <summary>The tables in whose rows another type has declared columns, such as the owner of a document or of an owned
    /// entity.</summary>
    public string[] DeclaredByOthers(IEntityType type) => _ofOthers.GetValueOrDefault(type, []);

    private NamedTables Find(string sql)
    {
        var tables = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (written, name) in _tables)
        {
            if (SqlNames.Count(sql, written) is > 0 and var times)
                tables[name] = tables.GetValueOrDefault(name) + times;
        }

        var unknown = new List<string>();
        foreach (var (written, name) in _views)
        {
            if (SqlNames.Count(sql, written) == 0)
                continue;
            if (!_declaredViews.TryGetValue(name, out var read))
                unknown.Add(name);
            foreach (var table in read ?? [])
                tables[TableNames.Of(table)] = MoreThanOnce;
        }

        // Entity Framework indents the SQL query of an entity type when it embeds it, so each line is searched for separately.
        unknown.AddRange(
            _queries.Where(query => Array.TrueForAll(query.Lines, line => sql.Contains(line, StringComparison.Ordinal)))
                .Select(static query => query.Name));
        return new NamedTables(
            [.. tables.Keys], [.. tables.Where(static table => table.Value == 1).Select(static table => table.Key)], [.. unknown]);
    }

    private static string[] LinesOf(string sql) =>
        sql.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string[] CascadesOf(IEnumerable<ITable> tables) => ReachedFrom(
        tables,
        static action => action is ReferentialAction.Cascade or ReferentialAction.SetNull or ReferentialAction.SetDefault,
        static action => action is ReferentialAction.Cascade);

    /// <param name="tables">The tables from which rows are deleted.</param>
    /// <param name="changes">Whether a foreign key with this action changes the rows that refer to a deleted one.</param>
    /// <param name="deletes">Whether it deletes them.</param>
    private static string[] ReachedFrom(
        IEnumerable<ITable> tables, Func<ReferentialAction, bool> changes, Func<ReferentialAction, bool> deletes)
    {
        var reached = new HashSet<ITable>();
        var deleted = new HashSet<ITable>(tables);
        var next = new Stack<ITable>(deleted);
        while (next.TryPop(out var table))
        {
            foreach (var reference in table.ReferencingForeignKeyConstraints)
            {
                if (!changes(reference.OnDeleteAction))
                    continue;
                var changed = (ITable)reference.Table;
                reached.Add(changed);
                if (deletes(reference.OnDeleteAction) && deleted.Add(changed))
                    next.Push(changed);
            }
        }

        return [.. reached.Select(static table => TableNames.Of(table.Name)).Distinct(StringComparer.Ordinal)];
    }

    private string[] DeclaredByOthersIn(IEntityType type)
    {
        var row = type;
        while (row.IsMappedToJson() && row.FindOwnership() is { } ownership)
            row = ownership.PrincipalEntityType;
        var tables = EntityTables.Of(row).ToHashSet(StringComparer.Ordinal);
        return [
            .. _columns.Where(other => other.Key.GetRootType() != type.GetRootType()).SelectMany(static other => other.Value.All)
                .Select(static column => column.Table).Where(tables.Contains).Distinct(StringComparer.Ordinal),
        ];
    }

    private static string HashOf(DbContext context, KafkaEfCacheOptions options)
    {
        var columns = string.Join('\n', options.Columns.Select(static column => $"{column.Entity} {column.Property}"));
        var model = context.Model.ToDebugString(MetadataDebugStringOptions.LongDefault);
        var text = $"{ProductInfo.GetVersion()}\n{context.Database.ProviderName}\n{columns}\n{model}";
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private void Declare(IModel model, DeclaredColumn column)
    {
        // The model of this context doesn't contain the type.
        if (model.FindEntityType(column.Entity) is not { } type)
            return;
        var property = type.FindProperty(column.Property) ?? throw new InvalidOperationException(
            $"DeclareColumn names {column.Entity.Name}.{column.Property}, which the model doesn't map to a column. Name a mapped "
            + $"property.");
        if (!property.IsConcurrencyToken && !property.IsPrimaryKey())
            throw new InvalidOperationException(
                $"DeclareColumn names {column.Entity.Name}.{column.Property}, which is neither a concurrency token nor part of the "
                + $"primary key. Entity Framework may then not know which value a changed row had. Configure "
                + $".Property(\"{column.Property}\").IsConcurrencyToken().");
        foreach (var derived in type.GetDerivedTypesInclusive())
            (_columns.TryGetValue(derived, out var declared) ? declared : _columns[derived] = new DeclaredColumns()).Add(property);
    }
}
