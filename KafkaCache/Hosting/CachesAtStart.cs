using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Hosting;

/// <summary>Options without content. The host validates options that ask for it before it starts anything; these options make it validate
/// the settings of the caches.</summary>
internal sealed class CachesAtStart
{
    public sealed class Validator(RegisteredCaches caches) : IValidateOptions<CachesAtStart>
    {
        // The exception is thrown and not returned as a result: the host passes a thrown exception on as it is, but makes an exception of
        // its own from a result.
        public ValidateOptionsResult Validate(string? name, CachesAtStart options)
        {
            caches.ThrowIfFaulty();
            return ValidateOptionsResult.Success;
        }
    }
}

/// <summary>The services that the caches and views of a container have in common.</summary>
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
