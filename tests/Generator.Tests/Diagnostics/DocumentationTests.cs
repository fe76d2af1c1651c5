using System.Text.RegularExpressions;
using System.Xml.Linq;
using Backprop;
using Backprop.Generator.Diagnostics;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;

namespace Generator.Tests.Diagnostics;

/// <summary>Descriptors, their documentation and the list of releases speak of the same diagnostics.</summary>
public partial class DocumentationTests
{
    private static IReadOnlyList<DiagnosticDescriptor> Descriptors => new NetworkAnalyzer().SupportedDiagnostics;

    [Fact]
    public void Ids_are_numbered_without_a_gap() =>
        Assert.Equal(Enumerable.Range(1, Descriptors.Count).Select(i => $"BP{i:0000}"), Descriptors.Select(descriptor => descriptor.Id));

    [Fact]
    public void Each_has_a_section_under_its_title() =>
        Assert.Equal(
            Descriptors.Select(descriptor => (descriptor.Id, descriptor.Title.ToString())),
            Section().Matches(DiagnosticsDocument.Text).Select(match => (match.Groups["id"].Value, match.Groups["title"].Value)));

    /// <summary>The address is the repository's, and what it leads to is there: the file, and the section in it.</summary>
    [Fact]
    public void Each_links_to_its_section()
    {
        string repository = XDocument.Load(Path.Combine(DiagnosticsDocument.Root, "Directory.Build.props")).Descendants("RepositoryUrl").Single().Value;
        string branch = $"{repository}/blob/main/";
        Assert.All(Descriptors, descriptor =>
        {
            Assert.StartsWith(branch, descriptor.HelpLinkUri);
            var link = new Uri(descriptor.HelpLinkUri, UriKind.Absolute);
            Assert.Equal(Uri.UriSchemeHttps, link.Scheme);
            string document = File.ReadAllText(Path.Combine(DiagnosticsDocument.Root, link.GetLeftPart(UriPartial.Path)[branch.Length..]));
            Assert.Contains($"<a id=\"{link.Fragment[1..]}\"></a>\n## {descriptor.Id}:", document);
        });
    }

    [Fact]
    public void Each_example_triggers_its_diagnostic()
    {
        MatchCollection examples = Example().Matches(DiagnosticsDocument.Text);
        Assert.Equal(Descriptors.Count - 3, examples.Count); // Three are about the project and have no C#.
        Assert.All(examples, example =>
        {
            string source = "using Backprop;\n" + example.Groups["code"].Value.Replace("[…]", "[Network(64)] [Dense(10)]");
            Assert.Equal([example.Groups["id"].Value], GeneratorHarness.Run(source).Diagnostics.Select(found => found.Id));
        });
    }

    [Fact]
    public void Each_is_in_the_list_of_releases()
    {
        string releases = string.Concat(Directory.EnumerateFiles(Path.Combine(DiagnosticsDocument.Root, "src", "Generator"), "AnalyzerReleases.*.md").Select(File.ReadAllText));
        Assert.Equal(
            Descriptors.Select(descriptor => $"{descriptor.Id} | {descriptor.Category} | {descriptor.DefaultSeverity} | {descriptor.Title}"),
            releases.Split('\n').Where(line => line.StartsWith("BP", StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_rule_of_the_specification_has_one_of_its_own() =>
        Assert.Equal(
            Enum.GetValues<SpecificationRule>().Length,
            Enum.GetValues<SpecificationRule>().Select(Backprop.Generator.Diagnostics.Descriptors.Of).Distinct().Count());

    [GeneratedRegex("^## (?<id>BP[0-9]{4}): (?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex("^## (?<id>BP[0-9]{4}):[^#]*?```csharp\n(?<code>.*?)```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
