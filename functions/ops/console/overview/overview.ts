import { html } from '../../../../shared/domain/html/html.ts';
import { ADDRESS, type ConsolePage } from '../contract.ts';

export const overviewPage: ConsolePage = {
  path: ADDRESS.overview,
  label: 'Overview',
  async render({ session }) {
    return { title: 'Overview', body: html`<p>${session.configuration.name}</p>`, refreshMs: 5000 };
  },
};
