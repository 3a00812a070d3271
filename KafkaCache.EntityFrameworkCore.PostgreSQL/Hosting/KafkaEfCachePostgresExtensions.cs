using KafkaCaching.EntityFrameworkCore.PostgreSQL;
using KafkaCaching.EntityFrameworkCore.PostgreSQL.Streaming;
using KafkaCaching.Hybrid;
using Microsoft.EntityFrameworkCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets a cache be invalidated from the log of a PostgreSQL database.</summary>
public static class KafkaEfCachePostgresExtensions
{
    /// <summary>Invalidates results according to the database's log, as soon as changes are committed, regardless of which program made
    /// them. One elected instance reads the log by logical replication.</summary>
    /// <typeparam name="TContext">The type of the context whose tables the stream contains. The context or its factory must be a registered
    /// service.</typeparam>
    /// <param name="builder">The builder that <c>AddKafkaEfCache</c> returned.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same builder.</returns>
    public static KafkaHybridCacheBuilder InvalidateFromPostgres<TContext>(
        this KafkaHybridCacheBuilder builder, Action<PostgresRelayOptions>? configure = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new PostgresRelayOptions(builder.Name);
        configure?.Invoke(options);
        return builder.InvalidateFrom<TContext>(
            options,
            context => new PostgresSource(
                options, context.Cache.Hybrid.Cache.Topic, context.Tables, context.ConnectionString, context.Time));
    }
}
