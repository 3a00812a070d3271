using KafkaCaching.EntityFrameworkCore.Hosting;
using KafkaCaching.EntityFrameworkCore.Queries;
using KafkaCaching.EntityFrameworkCore.Tables;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Declares to the cache which tables raw SQL changes.</summary>
public static class KafkaCacheDatabaseFacadeExtensions
{
    /// <summary>Declares which tables are changed by the raw SQL that this context runs until the returned object is disposed of. Without a
    /// declaration, all tables of the model that the SQL names count as changed, and SQL that names none is refused.</summary>
    /// <param name="database">The database of a context with <c>UseKafkaCache</c>.</param>
    /// <param name="tables">The names of the tables in the database, without their schemas; none if the SQL changes no table.</param>
    /// <returns>An object that ends the declaration.</returns>
    /// <exception cref="ArgumentException">A name is empty, or the model has no table of that name.</exception>
    /// <exception cref="InvalidOperationException">The context has no cache.</exception>
    public static IDisposable DeclareChanges(this DatabaseFacade database, params string[] tables)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(tables);
        if (tables.Length > 0)
            TableNames.Require(tables, nameof(tables));
        var services = ((IInfrastructure<IServiceProvider>)database).Instance;
        var scope = (QueryScope?)services.GetService(typeof(QueryScope)) ?? throw new InvalidOperationException(
            "The context has no cache. Call UseKafkaCache on its options.");
        Require(services, tables);
        return scope.Declare([.. tables.Select(TableNames.Of)]);
    }

    private static void Require(IServiceProvider services, string[] tables)
    {
        var context = ((ICurrentDbContext)services.GetService(typeof(ICurrentDbContext))!).Context;
        var options = (IDbContextOptions)services.GetService(typeof(IDbContextOptions))!;
        var known = options.FindExtension<KafkaCacheOptionsExtension>()!.Cache.TablesOf(context).All;
        if (Array.Find(tables, table => !known.Contains(TableNames.Of(table), StringComparer.Ordinal)) is { } unknown)
            throw new ArgumentException(
                $"The model of {context.GetType().Name} has no table {unknown}. Write the table's name in the database, without its "
                + $"schema. If it belongs to another model, call KafkaEfCache.InvalidateAsync after the change.",
                nameof(tables));
    }
}
