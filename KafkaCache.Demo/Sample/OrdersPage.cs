using System.Net;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Demo.Sample;

/// <summary>A web page that is slow to create. The first instance that gets a request creates the page, all instances serve it from the
/// cache, and an order that is added in any instance invalidates it.</summary>
internal static class OrdersPage
{
    private const string Tag = "orders-page";

    private static readonly TimeSpan MakingTakes = TimeSpan.FromSeconds(1);

    /// <param name="services">The services.</param>
    /// <param name="cache">The hybrid cache that keeps the page.</param>
    public static void AddOrdersPage(this IServiceCollection services, string cache) =>
        services.AddOutputCache().AddKafkaOutputCacheStore(cache);

    public static void MapOrdersPage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/orders/page", MakeAsync)
            .CacheOutput(page => page.Tag(Tag).Expire(TimeSpan.FromMinutes(10)).SetVaryByHost(false))
            .WithSummary("what all customers have ordered: a page that is slow to make, cached until an order is added");

    // The order is committed, so the page is evicted even if the client has disconnected.
    public static ValueTask EvictAsync(IOutputCacheStore pages) => pages.EvictByTagAsync(Tag, CancellationToken.None);

    private static async Task<IResult> MakeAsync(OrdersContext db, CancellationToken cancelled)
    {
        await Task.Delay(MakingTakes, cancelled);
        var rows = await db.Orders.GroupBy(order => order.Customer)
            .Select(orders => new { Customer = orders.Key, Count = orders.Count(), Cents = orders.Sum(order => order.Cents) })
            .OrderBy(row => row.Customer).ToListAsync(cancelled);
        var lines = rows.Select(row => $"<tr><td>{WebUtility.HtmlEncode(row.Customer)}<td>{row.Count}<td>{row.Cents}\n");
        return Results.Content(
            $"""
            <!doctype html><html lang="en"><title>Orders</title>
            <p>Made by process {Environment.ProcessId} at {DateTimeOffset.UtcNow:u}
            <table><tr><th>Customer<th>Orders<th>Cents
            {string.Concat(lines)}</table>

            """,
            "text/html; charset=utf-8");
    }
}
