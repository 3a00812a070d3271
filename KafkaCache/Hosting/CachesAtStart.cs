using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Hosting;

/// <summary>Options without content. A host validates all options registered with ValidateOnStart before it starts anything. Through these
/// options, it validates the settings of the caches.</summary>
internal sealed class CachesAtStart
{
    public sealed class Validator(RegisteredCaches caches) : IValidateOptions<CachesAtStart>
    {
        // The exception is thrown rather than returned as a result, because the host passes a thrown exception on unchanged, but creates
        // its own exception from a result.
        public ValidateOptionsResult Validate(string? name, CachesAtStart options)
        {
            caches.ThrowIfFaulty();
            return ValidateOptionsResult.Success;
        }
    }
}

/// <summary>Adds the services that the caches and views of a container share.</summary>
internal static class CachesAtStartServices
{
    public static IServiceCollection AddCachesAtStart(this IServiceCollection services)
    {
        services.TryAddSingleton<RegisteredCaches>();
        services.TryAddSingleton<CacheEnds>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CacheStart>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CachesAtStart>, CachesAtStart.Validator>());
        services.AddOptions<CachesAtStart>().ValidateOnStart();
        return services;
    }
}
