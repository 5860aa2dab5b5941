import { Controller, Get, Header } from '@nestjs/common';
import { openApiDocument } from './document.js';
import { PAGE_POLICY, referencePage } from './page.js';

const DOCUMENT = JSON.stringify(openApiDocument());
const PAGE = referencePage();

/** What can be asked of this app: for programs and for people. */
@Controller()
export class OpenApiController {
  @Get('openapi.json')
  @Header('content-type', 'application/json')
  document(): string {
    return DOCUMENT;
  }

  @Get('docs')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', PAGE_POLICY)
  @Header('x-content-type-options', 'nosniff')
  page(): string {
    return PAGE;
  }
}
