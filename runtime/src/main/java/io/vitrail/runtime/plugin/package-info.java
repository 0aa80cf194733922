/** What is plugged in, by whom, and whether it may: the plugins of one Vitrail. */
package io.vitrail.runtime.plugin;
