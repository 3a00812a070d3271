using KafkaCaching.Jobs;

namespace KafkaCaching.Tests.Jobs;

/// <summary>A job that runs a delegate of the test.</summary>
internal sealed class ScriptedJob(ScriptedJob.Script script) : IKafkaJob
{
    public Task RunAsync(JobRun run, CancellationToken stop) => script.RunAsync(run, stop);

    internal sealed class Script(Func<JobRun, CancellationToken, Task> runAsync)
    {
        public Task RunAsync(JobRun run, CancellationToken stop) => runAsync(run, stop);
    }
}
