using System.CommandLine;
using KafkaCaching.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KafkaCaching.Benchmarks.Jobs;

/// <summary>An instance whose job KafkaCache.Jobs runs.</summary>
internal static class KafkaJobChild
{
    public const string Verb = "job-kafka";

    private static readonly Option<string> Topic = new("--topic") { Required = true };

    public static Task<JobInstance> StartAsync(string bootstrapServers, string topic) =>
        JobInstance.StartAsync(Verb, CommandOptions.BootstrapServers.Name, bootstrapServers, Topic.Name, topic);

    public static Command ChildCommand()
    {
        var command = new Command(Verb, "Runs a job.") { CommandOptions.BootstrapServers, Topic };
        command.Hidden = true;
        command.SetAction(async (parsed, stop) =>
        {
            var builder = Host.CreateEmptyApplicationBuilder(settings: null);
            builder.Services.AddKafkaJobs(options =>
            {
                options.BootstrapServers = parsed.GetValue(CommandOptions.BootstrapServers);
                options.Topic = parsed.GetValue(Topic)!;
            }).AddJob<Job>("steps", "* * * * * *");
            using var host = builder.Build();
            await host.StartAsync(stop);
            Console.WriteLine("ready");
            await host.WaitForShutdownAsync(stop);
        });
        return command;
    }

    private sealed class Job : IKafkaJob
    {
        public Task RunAsync(JobRun run, CancellationToken stop) => SteppedRun.RunAsync(
            run.Id,
            async step =>
            {
                run.State.Set("step", step);
                try
                {
                    await run.SaveAsync(CancellationToken.None);
                    return true;
                }
                catch (FencedException)
                {
                    return false;
                }
            },
            stop);
    }
}
