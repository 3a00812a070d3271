using KafkaCaching;
using KafkaCaching.AspNetCore.Problems;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Answers requests that end in an exception of a cache.</summary>
public static class KafkaCacheProblemDetailsExtensions
{
    /// <summary>Answers a request that ended in an exception of a cache with a matching status and problem details (RFC 9457), instead of
    /// 500. For example, a read before the cache is ready is answered with 503 and <c>Retry-After</c>. The responses contain no key, no
    /// value, and no part of the exception's message.</summary>
    /// <remarks>
    /// <para>A <see cref="CacheNotReadyException"/> is answered with 503. Its <c>Retry-After</c> is the cache's estimate, from 1 to 60
    /// seconds, or 5 seconds if there is no estimate. A refreshed cache that has no version yet is answered with 503 and 5 seconds. If a
    /// hybrid cache lacks a value that a request with <c>only-if-cached</c> needs, the response is 504. A
    /// <see cref="CacheFaultedException"/> and a <see cref="RecordErrorException"/> are answered with 500.</para>
    /// <para>A <see cref="PutException"/> is answered with 413 if the value is too large, with 422 if <c>ValidatePut</c> refused the put,
    /// with 503 and <c>Retry-After</c> if the record was not written because of the brokers or the Kafka client, with 500 if it was not
    /// written for another reason, such as a value that could not be encoded, and with 504 if the record may have been written or is not
    /// applied yet.</para>
    /// <para>No middleware needs to be added to the pipeline. The handler also works in a pipeline that has <c>UseExceptionHandler</c> or
    /// the developer exception page. Other exceptions are not handled. The application's
    /// <see cref="AspNetCore.Http.IProblemDetailsService"/> writes the body, so <c>CustomizeProblemDetails</c> applies.</para>
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
