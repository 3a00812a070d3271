using System.CommandLine;
using Confluent.Kafka;
using KafkaCaching.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KafkaCaching.Benchmarks.Jobs;

/// <summary>An instance whose job KafkaCache.Jobs runs.</summary>
internal static class KafkaJobChild
{
    public const string Verb = "job-kafka";

    private const string Name = "steps";
    private const string Step = "step";

    private static readonly Option<string> Topic = new("--topic") { Required = true };

    public static Task<JobInstance> StartAsync(string bootstrapServers, string topic) =>
        JobInstance.StartAsync(Verb, CommandOptions.BootstrapServers.Name, bootstrapServers, Topic.Name, topic);

    /// <summary>Counts the steps of one run in the topic that come after the first step of another run.</summary>
    public static int StepsAfter(string bootstrapServers, string topic, string run, string other)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "kafkacache-benchmark",
            EnablePartitionEof = true,
            IsolationLevel = IsolationLevel.ReadCommitted,
        };
        using var consumer = new ConsumerBuilder<string, string>(config).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var steps = new List<string>();

        // The other run continues to write, so the end of the topic may never be reached. Only the records that exist now are read.
        var begun = DateTime.UtcNow;
        while (consumer.Consume() is { IsPartitionEOF: false } record && record.Message.Timestamp.UtcDateTime < begun)
        {
            if (record.Message.Key == $"state/{Name}/{Step}")
                steps.Add(record.Message.Value);
        }

        return steps.SkipWhile(step => !step.Contains(other, StringComparison.Ordinal))
            .Count(step => step.Contains(run, StringComparison.Ordinal));
    }

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
            }).AddJob<Job>(Name, "* * * * * *");
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
                run.State.Set(Step, $"{run.Id} {step}");
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
