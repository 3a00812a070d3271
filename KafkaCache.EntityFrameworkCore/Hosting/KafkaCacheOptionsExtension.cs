using KafkaCaching.EntityFrameworkCore.Interception;
using KafkaCaching.EntityFrameworkCore.Invalidation;
using KafkaCaching.EntityFrameworkCore.Queries;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query.Internal;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.EntityFrameworkCore.Hosting;

/// <summary>Registers the services of this package in a context. The contexts of all caches share these services; each context finds its
/// cache in its options.</summary>
internal sealed class KafkaCacheOptionsExtension : IDbContextOptionsExtension
{
    public KafkaCacheOptionsExtension(KafkaEfCache cache, KafkaEfCacheUse use)
    {
        (Cache, Use, Queries) = (cache, use, new CommandCache(cache, use));
        Info = new ExtensionInfo(this, cache.Name, use);
    }

    public KafkaEfCache Cache { get; }

    public KafkaEfCacheUse Use { get; }

    public CommandCache Queries { get; }

    public DbContextOptionsExtensionInfo Info { get; }

    public void ApplyServices(IServiceCollection services)
    {
        services.AddScoped<QueryScope>();
        services.AddScoped<IResettableService>(static provider => provider.GetRequiredService<QueryScope>());
        services.AddScoped<ResultReader>();
        services.AddScoped<IQueryCompiler, CachingQueryCompiler>();
        services.AddScoped<IDatabase, InvalidatingDatabase>();
        services.AddScoped<IInterceptor, CommandInterceptor>();
        services.AddScoped<IInterceptor, ConnectionInterceptor>();
        services.AddScoped<IInterceptor, TransactionInterceptor>();
    }

    public void Validate(IDbContextOptions options)
    {
        if (options.FindExtension<CoreOptionsExtension>()?.InternalServiceProvider is not null)
            throw new InvalidOperationException(
                "UseKafkaCache adds services to the context, and UseInternalServiceProvider keeps it from doing so. Leave out one of "
                + "the two.");
    }

    private sealed class ExtensionInfo(IDbContextOptionsExtension extension, string name, KafkaEfCacheUse use)
        : DbContextOptionsExtensionInfo(extension)
    {
        public override bool IsDatabaseProvider => false;

        public override string LogFragment => $"using KafkaCache '{name}' ({use}) ";

        public override int GetServiceProviderHashCode() => 0;

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is ExtensionInfo;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo) => debugInfo["KafkaCache"] = name;
    }
}
