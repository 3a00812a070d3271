using System.Data.Common;
using System.Diagnostics;
using KafkaCaching.Demo.Topics;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Hybrid;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Demo.Sample;

/// <summary>Orders in a database, whose queries are cached through Entity Framework. The database is PostgreSQL if the setting
/// <c>ConnectionStrings:Orders</c> names one, otherwise SQLite.</summary>
internal static class Orders
{
    public const string Topic = "orders.ef";
    public const string Setting = "Orders";

    private static readonly CachedQuery<OrdersContext, string, Order> OfCustomer = CachedQuery.Create(
        "orders-of-customer",
        (OrdersContext db, string customer) => db.Orders.Where(order => order.Customer == customer).OrderBy(order => order.Id)
            .Cached(query => query.By(order => order.Customer, customer)));

    public static void AddOrders(this IServiceCollection services, string? postgres, bool isEmbedded)
    {
        services.AddKafkaEfCache("orders", options =>
        {
            options.Topic = Topic;
            options.TimeToLive = TimeSpan.FromMinutes(10);
            options.Hybrid.Backend = isEmbedded ? KafkaHybridCacheBackend.Embedded : KafkaHybridCacheBackend.Kafka;
            options.Hybrid.Store.MemoryBudget = 64L << 20;
            options.DeclareColumn<Order>(order => order.Customer);
        });
        services.AddOrdersPage("orders");
        if (postgres is null)
            services.AddSingleton<OrdersFile>();
        services.AddDbContext<OrdersContext>((provider, options) =>
        {
            _ = postgres is null
                ? options.UseSqlite(provider.GetRequiredService<OrdersFile>().ConnectionString)
                : options.UseNpgsql(postgres);
            options.UseKafkaCache(provider, "orders");
        });
    }

    public static void MapOrders(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/orders", async (OrdersContext db, CancellationToken cancelled, string customer = "ada") =>
            {
                var start = Stopwatch.GetTimestamp();
                var orders = await OfCustomer.ToListAsync(db, customer, cancelled);
                return new { Orders = orders, Stopwatch.GetElapsedTime(start).TotalMilliseconds };
            })
            .WithSummary("the orders of a customer, read aside from a database; ?customer=");
        routes.MapGet("/orders/{id:int}", async (int id, OrdersContext db, CancellationToken cancelled) =>
                await db.Orders.FindCachedAsync([id], cancelled) is { } order ? Results.Json(order) : Results.NotFound())
            .WithSummary("one order");
        routes.MapPost("/orders", async (OrderBody body, OrdersContext db, IOutputCacheStore pages, CancellationToken cancelled) =>
            {
                var order = new Order { Customer = body.Customer, Cents = body.Cents };
                db.Add(order);
                await db.SaveChangesAsync(cancelled);
                await OrdersPage.EvictAsync(pages);
                return Results.Created($"/orders/{order.Id}", order);
            })
            .WithSummary("add an order, which invalidates its customer's orders and the page in all pods");
    }

    /// <summary>Creates the table if it doesn't exist.</summary>
    public static async Task CreateAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<OrdersContext>().Database.EnsureCreatedAsync();
        }
        catch (Exception exception) when ((exception as DbException ?? exception.InnerException) is DbException cause)
        {
            // Entity Framework may wrap the cause in an exception that suggests a retry policy.
            throw new DemoException($"The database of ConnectionStrings:{Setting} can't be used: {cause.Message}");
        }
    }
}

/// <summary>An order.</summary>
internal sealed class Order
{
    public int Id { get; init; }

    public required string Customer { get; init; }

    public long Cents { get; init; }
}

/// <summary>An order as the body of a <c>POST</c>.</summary>
internal sealed record OrderBody(string Customer, long Cents);

/// <summary>The database of the orders.</summary>
internal sealed class OrdersContext(DbContextOptions<OrdersContext> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    // A column that is declared with DeclareColumn must be a concurrency token, so that a writer knows the previous customer of a changed
    // order.
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Order>().Property(order => order.Customer).IsConcurrencyToken();
}
