using System.Diagnostics;
using KafkaCaching.Hybrid;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.Demo.Sample;

/// <summary>Exchange rates of a slow upstream, in two hybrid caches of one topic that simulate two instances of a service. A value that one
/// of them has loaded is available in both, and a tag that is cleared in one is cleared in both.</summary>
internal static class Rates
{
    public const string Topic = "rates";

    private const int Instances = 2;
    private static readonly string[] Tags = ["rates"];
    private static readonly TimeSpan UpstreamTakes = TimeSpan.FromSeconds(1);
    private static int _asked;

    public static void AddRates(this IServiceCollection services)
    {
        for (var instance = 1; instance <= Instances; instance++)
        {
            services.AddKafkaHybridCache(NameOf(instance), options =>
            {
                options.Topic = Topic;
                options.Backend = KafkaHybridCacheBackend.Embedded;
                options.TimeToLive = TimeSpan.FromMinutes(10);
                options.OneFactoryAcrossPods = true;
                options.Store.MemoryBudget = 64L << 20;
            });
        }
    }

    public static void MapRates(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rates/{currency}", GetAsync)
            .WithSummary("a rate of a slow upstream, cached; ?instance=1 or 2");
        routes.MapDelete("/rates", async (int? instance, IServiceProvider services, CancellationToken cancelled) =>
            {
                if (Find(services, instance) is not { } cache)
                    return Results.NotFound();
                await cache.RemoveByTagAsync(Tags[0], cancelled);
                return Results.Json(new { Cleared = Tags[0] });
            })
            .WithSummary("clear the rates in one instance, and so in both; ?instance=1 or 2");
    }

    private static async Task<IResult> GetAsync(string currency, int? instance, IServiceProvider services, CancellationToken cancelled)
    {
        if (Find(services, instance) is not { } cache)
            return Results.NotFound();
        var start = Stopwatch.GetTimestamp();
        var rate = await cache.GetOrCreateAsync(currency, currency, AskUpstreamAsync, tags: Tags, cancellationToken: cancelled);
        return Results.Json(new
        {
            rate.Currency, rate.PerEuro, rate.TimesAsked, Instance = instance ?? 1, Stopwatch.GetElapsedTime(start).TotalMilliseconds,
        });
    }

    private static async ValueTask<Rate> AskUpstreamAsync(string currency, CancellationToken cancelled)
    {
        await Task.Delay(UpstreamTakes, cancelled);
        return new Rate(currency, Math.Round(1 + Random.Shared.NextDouble(), 4), Interlocked.Increment(ref _asked));
    }

    private static HybridCache? Find(IServiceProvider services, int? instance) =>
        services.GetKeyedService<HybridCache>(NameOf(instance ?? 1));

    private static string NameOf(int instance) => $"{Topic}-{instance}";

    private sealed record Rate(string Currency, double PerEuro, int TimesAsked);
}
