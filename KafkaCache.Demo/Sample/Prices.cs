using KafkaCaching.Jobs;

namespace KafkaCaching.Demo.Sample;

/// <summary>The price list of a slow upstream, in two refreshed caches of one topic that simulate two instances of a service. One of them
/// is elected to fetch the list, and both serve it.</summary>
internal static class Prices
{
    public const string Topic = "prices";

    private const int Instances = 2;
    private static readonly string[] Goods = ["apples", "bread", "coffee", "dates", "eggs", "figs", "grapes", "honey"];
    private static readonly TimeSpan UpstreamTakes = TimeSpan.FromSeconds(1);

    public static void AddPrices(this IServiceCollection services)
    {
        for (var instance = 1; instance <= Instances; instance++)
        {
            services.AddRefreshedCache<string, Price>(NameOf(instance), options =>
            {
                options.Topic = Topic;
                options.CreateTopic = false;
                options.Every = TimeSpan.FromSeconds(10);
                options.MaxAge = TimeSpan.FromMinutes(1);
                options.Key = price => price.Good;
                options.Fetch = FetchAsync;
                options.Store.MemoryBudget = 64L << 20;
            });
        }
    }

    public static void MapPrices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/prices", (int? instance, IServiceProvider services) =>
                Find(services, instance) is { } cache ? Results.Json(Show(cache)) : Results.NotFound())
            .WithSummary("a price list that one of two instances refreshes; ?instance=1 or 2");
        routes.MapPost("/prices/refresh", async (int? instance, IServiceProvider services, CancellationToken cancelled) =>
            {
                if (Find(services, instance) is not { } cache)
                    return Results.NotFound();
                await cache.RefreshAsync(cancelled);
                return Results.Json(Show(cache));
            })
            .WithSummary("refresh the price list now, whichever instance is asked; ?instance=1 or 2");
    }

    // Simulates prices that change and goods that are out of stock.
    private static async Task<IReadOnlyCollection<Price>> FetchAsync(RefreshFetch fetch, CancellationToken cancelled)
    {
        await Task.Delay(UpstreamTakes, cancelled);
        return [.. Goods.Where(_ => Random.Shared.Next(5) > 0).Select(good => new Price(good, Random.Shared.Next(100, 110)))];
    }

    private static object Show(IRefreshedCache<string, Price> cache)
    {
        var (now, status) = (cache.Current, cache.Status);
        return new { now.Version, now.FetchedAt, status.IsLeader, status.Added, status.Changed, status.Removed, Prices = now.Items };
    }

    private static IRefreshedCache<string, Price>? Find(IServiceProvider services, int? instance) =>
        services.GetKeyedService<IRefreshedCache<string, Price>>(NameOf(instance ?? 1));

    private static string NameOf(int instance) => $"{Topic}-{instance}";

    private sealed record Price(string Good, int Cents);
}
