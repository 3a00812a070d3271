using KafkaCaching.Demo.Http;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.Tests.Demo;

public class ExceptionProblemsTests
{
    public static TheoryData<Exception, int> Mapped => new()
    {
        { new BadHttpRequestException("Request body too large.", 413), 413 },
        { new BadHttpRequestException("Bad chunk.", 400), 400 },
        { new ObjectDisposedException("cache"), 503 },
        { new OperationCanceledException(), 503 },
    };

    [Theory]
    [MemberData(nameof(Mapped), DisableDiscoveryEnumeration = true)]
    public void An_exception_has_its_status_and_says_something(Exception exception, int status)
    {
        var problem = ExceptionProblems.Of(exception);

        Assert.Equal(status, problem?.Status);
        Assert.NotEqual("", problem?.Detail);
    }

    [Fact]
    public void What_nobody_foresaw_is_no_problem_of_the_table() =>
        Assert.Null(ExceptionProblems.Of(new InvalidOperationException("A secret.")));
}
