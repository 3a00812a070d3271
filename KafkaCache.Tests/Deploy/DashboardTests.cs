namespace KafkaCaching.Tests.Deploy;

public sealed class DashboardTests
{
    private static readonly Dashboard Dashboard = Dashboard.Read();

    [Fact]
    public void Panels_have_ids_of_their_own_and_places_that_do_not_overlap()
    {
        var ids = Dashboard.AllPanels.Select(static panel => panel.GetProperty("id").GetInt32()).ToList();
        var cells = Dashboard.AllPanels.SelectMany(static panel => Cells(panel.GetProperty("gridPos"))).ToList();

        Assert.Equal(ids.Distinct(), ids);
        Assert.Equal(cells.Distinct(), cells);
        Assert.All(cells, static cell => Assert.InRange(cell.X, 0, 23));

        static IEnumerable<(int X, int Y)> Cells(System.Text.Json.JsonElement place) =>
            from x in Enumerable.Range(place.GetProperty("x").GetInt32(), place.GetProperty("w").GetInt32())
            from y in Enumerable.Range(place.GetProperty("y").GetInt32(), place.GetProperty("h").GetInt32())
            select (x, y);
    }

    [Fact]
    public void Every_panel_has_a_title_of_its_own_a_description_a_unit_and_queries_with_legends()
    {
        Assert.All(Dashboard.Panels, static panel =>
        {
            Assert.NotEqual("", panel.GetProperty("title").GetString());
            Assert.NotEqual("", panel.GetProperty("description").GetString());
            Assert.NotEqual("", panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString());
            Assert.NotEqual(0, panel.GetProperty("targets").GetArrayLength());
        });
        Assert.All(Dashboard.Queries(), static query => Assert.False(query.Expression.Length == 0 || query.Legend.Length == 0));
        Assert.Distinct(Dashboard.Panels.Select(static panel => panel.GetProperty("title").GetString()));
    }

    [Fact]
    public void Every_query_filters_by_the_selected_job_cache_and_instance()
    {
        var expressions = Dashboard.Panels.SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
            .Select(static target => target.GetProperty("expr").GetString()!);

        Assert.All(expressions, static expression => Assert.Equal(
            expression.Split("kafkacache_").Length, expression.Split("""job=~"$job", cache=~"$cache", instance=~"$instance"}""").Length));
    }

    [Fact]
    public void Two_services_with_caches_of_one_name_are_two_lines_and_the_legend_says_which_is_which() =>
        Assert.All(Dashboard.Queries(), static query =>
    {
        Assert.Contains("{{job}}", query.Legend, StringComparison.Ordinal);
        Assert.All(
            query.Expression.Split("by (").Skip(1),
            static labels => Assert.Contains("job", labels[..labels.IndexOf(')', StringComparison.Ordinal)].Split(", ")));
    });

    [Fact]
    public void Every_panel_and_variable_asks_the_data_source_that_is_chosen_and_the_provisioned_one_is_chosen_first()
    {
        var provisioned = Assert.Single(
            DeployFiles.Yaml(DeployFiles.PathOf("grafana/datasource.yml")).GetProperty("datasources").EnumerateArray());
        var chosen = Dashboard.Variables.First();

        Assert.Equal("datasource", chosen.GetProperty("name").GetString());
        Assert.Equal(provisioned.GetProperty("type").GetString(), chosen.GetProperty("query").GetString());
        Assert.Equal(provisioned.GetProperty("uid").GetString(), chosen.GetProperty("current").GetProperty("value").GetString());
        Assert.Equal(
            ["datasource", "job", "cache", "instance"],
            Dashboard.Variables.Select(static variable => variable.GetProperty("name").GetString()!));
        Assert.All(
            Dashboard.Panels.Concat(Dashboard.Variables.Skip(1)),
            static asking => Assert.Equal("${datasource}", asking.GetProperty("datasource").GetProperty("uid").GetString()));
    }
}
