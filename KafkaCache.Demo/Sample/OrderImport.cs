using System.Collections.Concurrent;
using System.Diagnostics;
using KafkaCaching.Jobs;

namespace KafkaCaching.Demo.Sample;

/// <summary>A long import in a separate process, which may be killed at any time. The next import continues from the last save.</summary>
internal sealed partial class OrderImport : IKafkaJob
{
    public const string Verb = "import-orders";

    private const int Pages = 200;
    private static readonly TimeSpan PageTakes = TimeSpan.FromMilliseconds(100);

    public async Task RunAsync(JobRun run, CancellationToken stop)
    {
        var page = run.State.IsEmpty ? 0 : run.State.Get<int>("page");
        LogBegins(run.Logger, page, Pages);
        while (page < Pages)
        {
            await Task.Delay(PageTakes, stop);
            run.State.Set("page", ++page);
            await run.SaveAsync(stop);
            ShowProgress(page);
        }

        run.State.Clear();
        LogEnds(run.Logger, Pages);
    }

    /// <summary>Runs the import, in the process that <see cref="Start"/> starts.</summary>
    public static Task<int> RunOnceAsync(string bootstrapServers)
    {
        var options = new KafkaJobsOptions
        {
            BootstrapServers = bootstrapServers, Client = SampleBroker.Client, CreateTopic = false, HeldTimeout = TimeSpan.FromMinutes(1),
        };
        return KafkaJobs.RunOnceAsync<OrderImport>(Verb, options);
    }

    public static void MapImport(WebApplication app, string bootstrapServers)
    {
        var processes = new ConcurrentBag<Process>();
        app.Lifetime.ApplicationStopping.Register(Kill);
        app.MapGet("/import", (IJobHistory history) => new
            {
                Runs = history.Runs(Verb).Take(5), State = history.State(Verb),
                Log = history.Lines(new JobLogQuery(Verb) { MaxLines = 20 }),
            })
            .WithSummary("the last runs of an import, its state, and its log");
        app.MapPost("/import", () =>
            {
                processes.Add(Start(bootstrapServers));
                return Results.Json(new { Started = Verb });
            })
            .WithSummary("start the import in a process of its own");
        app.MapDelete("/import", () =>
            {
                Kill();
                return Results.Json(new { Killed = Verb });
            })
            .WithSummary("kill the import; the next one continues where it stopped");

        void Kill()
        {
            while (processes.TryTake(out var process))
            {
                process.Kill();
                process.Dispose();
            }
        }
    }

    private static Process Start(string bootstrapServers)
    {
        var assembly = typeof(OrderImport).Assembly.Location;
        return Process.Start(new ProcessStartInfo("dotnet", [assembly, Verb, bootstrapServers]) { UseShellExecute = false })!;
    }

    // Shows a progress bar if the output is a terminal.
    private static void ShowProgress(int page)
    {
        const int Width = 40;
        if (Console.IsOutputRedirected)
            return;
        var full = page * Width / Pages;
        Console.Write($"\r{Verb} [{new string('#', full)}{new string('.', Width - full)}] {page * 100 / Pages} %");
        if (page == Pages)
            Console.WriteLine();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The import begins at page {Page} of {Pages}")]
    private static partial void LogBegins(ILogger log, int page, int pages);

    [LoggerMessage(Level = LogLevel.Information, Message = "All {Pages} pages are imported")]
    private static partial void LogEnds(ILogger log, int pages);
}
