using System.Text.Encodings.Web;
using KafkaCaching.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.AspNetCore.Samples;

/// <summary>A site as in the documentation: its sessions and its output cache are in a hybrid cache, which all instances share.</summary>
internal sealed class SampleSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SampleSite(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Starts an instance. All instances of a site get the same data protection keys, so that they can read each other's
    /// cookies.</summary>
    public static async Task<SampleSite> StartAsync(InMemoryTopic topic, IDataProtectionProvider keys, string instance)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddKafkaHybridCache("web", options =>
        {
            options.Log = topic;
            options.Topic = "web";
            options.Store.MemoryBudget = 64L << 20;
        }).ServeWhenReady();
        builder.Services.AddKafkaDistributedCache("web");
        builder.Services.AddSession(options => options.IdleTimeout = TimeSpan.FromMinutes(20));
        builder.Services.AddOutputCache().AddKafkaOutputCacheStore("web");
        builder.Services.AddSingleton(keys);
        var app = builder.Build();
        app.UseSession();
        app.UseOutputCache();
        app.MapGet("/", (HttpContext context) => Html($"""
            <p>{instance} greets {context.Session.GetString("name") ?? "a stranger"}</p>
            <form method="post" action="/name"><label>Name <input name="name"></label><button>Save</button></form>
            <form method="post" action="/leave"><button>Leave</button></form>
            """));
        app.MapPost("/name", async (HttpContext context) =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            context.Session.SetString("name", form["name"].ToString());
            return Results.LocalRedirect("/");
        });
        app.MapPost("/leave", (HttpContext context) =>
        {
            context.Session.Clear();
            return Results.LocalRedirect("/");
        });
        var runs = 0;
        app.MapGet("/page", () => Html($"""
            <p>made by {instance}, run {Interlocked.Increment(ref runs)}</p>
            <form method="post" action="/evict"><button>Evict</button></form>
            """))
            // Behind a load balancer, all instances have the same host name, but here each has its own port.
            .CacheOutput(static policy => policy.Tag("pages").Expire(TimeSpan.FromMinutes(10)).SetVaryByHost(false));
        app.MapPost("/evict", async (IOutputCacheStore store, CancellationToken stop) =>
        {
            await store.EvictByTagAsync("pages", stop);
            return Results.LocalRedirect("/page");
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new SampleSite(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static IResult Html(FormattableString body) => Results.Content(
        "<!doctype html><html lang=\"en\"><title>Sample</title><link rel=\"icon\" href=\"data:,\">"
        + string.Format(
            System.Globalization.CultureInfo.InvariantCulture, body.Format,
            [.. body.GetArguments().Select(static part => HtmlEncoder.Default.Encode($"{part}"))]),
        "text/html");
}
