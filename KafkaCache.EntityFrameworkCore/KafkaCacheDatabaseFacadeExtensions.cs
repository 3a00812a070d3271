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
    /// <exception cref="ArgumentException">A name is empty.</exception>
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
        return scope.Declare([.. tables.Select(TableNames.Of)]);
    }
}
