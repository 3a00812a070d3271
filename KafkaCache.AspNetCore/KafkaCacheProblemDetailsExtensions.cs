using KafkaCaching;
using KafkaCaching.AspNetCore.Problems;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Answers requests that end in an exception of a cache.</summary>
public static class KafkaCacheProblemDetailsExtensions
{
    /// <summary>Answers a request that ended in an exception of a cache with a matching status and problem details (RFC 9457), instead of
    /// 500. For example, a read before the cache is ready is answered with 503 and <c>Retry-After</c>. The answers contain no key, no
    /// value, and no part of the exception's message.</summary>
    /// <remarks>
    /// <para><see cref="CacheNotReadyException"/>: 503, with <c>Retry-After</c> from the cache's estimate, 1 to 60 seconds, or 5 seconds
    /// without an estimate. A refreshed cache without a version: the same, with 5 seconds. A hybrid cache without the value for a request
    /// with <c>only-if-cached</c>: 504. <see cref="CacheFaultedException"/> and <see cref="RecordErrorException"/>: 500.
    /// <see cref="PutException"/>: 413 for a value that is too large, 422 for a put that <c>ValidatePut</c> refused, 503 with
    /// <c>Retry-After</c> if the brokers did not accept the put, and 504 if it may have been written or is not applied yet.</para>
    /// <para>No middleware needs to be added to the pipeline. It also works in a pipeline that has <c>UseExceptionHandler</c> or the
    /// developer exception page. Other exceptions are not handled. The application's <see cref="AspNetCore.Http.IProblemDetailsService"/>
    /// writes the body, so <c>CustomizeProblemDetails</c> applies.</para>
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
