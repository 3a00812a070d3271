using KafkaCaching.EntityFrameworkCore.PostgreSQL;
using KafkaCaching.EntityFrameworkCore.PostgreSQL.Streaming;
using KafkaCaching.Hybrid;
using Microsoft.EntityFrameworkCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets a PostgreSQL database itself tell a cache what has changed.</summary>
public static class KafkaEfCachePostgresExtensions
{
    /// <summary>Invalidates by the database's log: the changes of any program, as soon as they are committed. One elected instance reads
    /// them, by logical replication.</summary>
    /// <typeparam name="TContext">The context whose tables the stream has. It must be a service, or have a factory that is one.</typeparam>
    /// <param name="builder">What <c>AddKafkaEfCache</c> has returned.</param>
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
            options, context => new PostgresSource(options, context.Tables, context.ConnectionString, context.Time));
    }
}
