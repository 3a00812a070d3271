using KafkaCaching.EntityFrameworkCore.Hosting;
using KafkaCaching.EntityFrameworkCore.Queries;
using KafkaCaching.EntityFrameworkCore.Tables;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Tells the cache what raw SQL changes.</summary>
public static class KafkaCacheDatabaseFacadeExtensions
{
    /// <summary>Declares which tables the raw SQL changes that this context runs until the returned object is disposed of. Without it, the
    /// tables of the model that the SQL names count as changed.</summary>
    /// <param name="database">The database of a context with <c>UseKafkaCache</c>.</param>
    /// <param name="tables">The tables, as they are called in the database, without their schemas; none if it changes none.</param>
    /// <returns>An object that ends the declaration.</returns>
    /// <exception cref="ArgumentException">A name is empty, or is of no table of the model.</exception>
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
