using System.Net;
using KafkaCaching.Demo.Http;
using Xunit;

namespace KafkaCaching.Tests.Demo;

public class HostHeaderGuardTests
{
    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]", true)]
    [InlineData("192.168.1.7", true)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("", false)]
    public void Only_names_that_nobody_else_can_resolve_are_own(string host, bool own) =>
        Assert.Equal(own, HostHeaderGuard.IsOwn(host));

    [Fact]
    public void The_name_of_the_machine_is_own() => Assert.True(HostHeaderGuard.IsOwn(Dns.GetHostName()));
}
