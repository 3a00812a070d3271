using KafkaCaching.Jobs;
using KafkaCaching.Jobs.Diagnostics;
using KafkaCaching.Tests.Diagnostics;

namespace KafkaCaching.Tests.Jobs;

public sealed class JobCountsTests
{
    // An increase does not show what a series begins with.
    [Fact]
    public void Runs_of_each_job_are_0_before_the_first_one_so_that_a_first_failure_is_an_increase()
    {
        using var meters = new OwnMeterFactory();
        using var counts = new JobCounts(meters, ["import"], static () => []);
        using var scrape = new MeterScrape(meters, KafkaJobs.MeterName);
        Assert.Equal(
            new object[] { "succeeded", "failed", "stopped", "fenced" }, scrape.TagValues("kafkacache.job.runs", "outcome"));
        Assert.Equal(0, scrape.Tagged("kafkacache.job.runs", "outcome", "failed"));
    }
}
