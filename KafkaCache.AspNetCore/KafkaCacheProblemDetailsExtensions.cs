using KafkaCaching;
using KafkaCaching.AspNetCore.Problems;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Answers requests that end in an exception of a cache.</summary>
public static class KafkaCacheProblemDetailsExtensions
{
    /// <summary>Answers a request whose handling ended in an exception of a cache with a status that fits and problem details (RFC 9457),
    /// instead of 500: a read before the cache is ready with 503 and <c>Retry-After</c>. The answers hold no key, no value, and nothing of
    /// the exception's message.</summary>
    /// <remarks>
    /// <para><see cref="CacheNotReadyException"/>: 503, <c>Retry-After</c> from the cache's estimate, 1 to 60 seconds, or 5 without one.
    /// <see cref="CacheFaultedException"/> and <see cref="RecordErrorException"/>: 500.
    /// <see cref="PutException"/>: 413 for what is too large, 422 for what <c>ValidatePut</c> refused, 503 with <c>Retry-After</c> where
    /// the brokers did not take it, 504 where it may have been written or is not applied yet.</para>
    /// <para>It needs nothing in the pipeline, and works in one that has <c>UseExceptionHandler</c> or the developer's page too. Other
    /// exceptions are left alone. The body is written by the application's <see cref="AspNetCore.Http.IProblemDetailsService"/>, so that
    /// <c>CustomizeProblemDetails</c> applies.</para>
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    public static IServiceCollection AddKafkaCacheProblemDetails(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(static one => one.ServiceType == typeof(CacheExceptionHandler)))
            return services;
        services.AddProblemDetails();
        services.AddSingleton<CacheExceptionHandler>();
        services.AddSingleton<IStartupFilter, CacheProblemsAtTheEdge>();
        services.AddSingleton<IExceptionHandler>(static provider => provider.GetRequiredService<CacheExceptionHandler>());
        services.AddSingleton<IDeveloperPageExceptionFilter>(static provider => provider.GetRequiredService<CacheExceptionHandler>());
        return services;
    }
}
