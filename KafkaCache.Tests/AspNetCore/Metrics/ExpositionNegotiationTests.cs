using KafkaCaching.AspNetCore.Metrics;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace KafkaCaching.Tests.AspNetCore.Metrics;

public class ExpositionNegotiationTests
{
    [Theory]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")] // Prometheus 2
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2")] // Prometheus 3
    [InlineData("application/openmetrics-text")]
    [InlineData("Application/OpenMetrics-Text; Version=1.0.0")]
    [InlineData("application/openmetrics-text;version=\"1.0.0\", text/plain;q=0.9")]
    [InlineData("application/*, text/*;q=0.5")]
    [InlineData("*/*, text/plain;q=0.5")]
    [InlineData("*/*;q=0.1, text/plain;q=0")]
    public void OpenMetrics_is_what_a_scraper_prefers(string accept) => Assert.Equal(ExpositionFormat.OpenMetrics, ExpositionNegotiation.Choose(accept));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("*/*")]
    [InlineData("text/plain")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")] // a browser
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4")]
    [InlineData("application/openmetrics-text;version=0.0.1,text/plain;version=0.0.4;q=0.5")]
    [InlineData("application/openmetrics-text;version=2.0.0")]
    [InlineData("application/openmetrics-text;q=0")]
    [InlineData("application/openmetrics-text, text/plain")]
    [InlineData("image/png")]
    [InlineData("not a type;;;")]
    public void Text_is_what_all_others_get(string? accept) => Assert.Equal(ExpositionFormat.Text, ExpositionNegotiation.Choose(accept));

    [Fact]
    public void The_header_may_come_in_several_lines() =>
        Assert.Equal(ExpositionFormat.OpenMetrics, ExpositionNegotiation.Choose(new StringValues(["text/plain;q=0.5", "application/openmetrics-text"])));
}
